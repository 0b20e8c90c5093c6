import { until } from '../mixed-cluster/until.ts';
import type { MixedEnsemble } from './ensemble.ts';
import type { Load } from './load.ts';
import { ensure, patiently } from './patience.ts';
import { differences, readTree } from './trees.ts';

/** Waits until all servers show the same tree; nothing that was acknowledged may be missing from it. */
export async function sameEverywhere(ensemble: MixedEnsemble, load?: Load): Promise<void> {
  await ensemble.untilServing();
  await until(
    'the trees of all servers are equal',
    async () => {
      const [first, ...others] = await Promise.all(ensemble.members.map(readTree));
      if (first === undefined) return undefined;
      return others.every((other) => differences(first, other).length === 0) ? true : undefined;
    },
    async () => {
      const [first, ...others] = await Promise.all(ensemble.members.map(readTree));
      return first === undefined ? [] : others.map((other) => differences(first, other).slice(0, 5));
    },
  );
  if (load === undefined) return sameAsForetold(ensemble);
  for (const member of ensemble.members) {
    const losses = await load.losses(member.connect);
    if (losses.length > 0) throw new Error(`server ${member.id}: ${losses.slice(0, 5).join('; ')}`);
  }
  await sameDigests(ensemble);
}

/**
 * Each server has compared its tree's digest with what each transaction foretold. That holds where nobody has written
 * while a learner was sent a snapshot: such a one holds something of what follows it, and until that has come again the
 * digests of servers of either make differ.
 */
async function sameAsForetold(ensemble: MixedEnsemble): Promise<void> {
  for (const member of ensemble.members) {
    const mismatches = await member.monitored('zk_digest_mismatches_count');
    if (mismatches !== '0') throw new Error(`server ${member.id} has found ${mismatches} digests that differ`);
  }
}

/** Servers write down the digest of their tree once in so many transactions. */
const TXNS_BETWEEN_DIGESTS = 128;

/** Writes until servers write digests down, and compares them. */
async function sameDigests(ensemble: MixedEnsemble): Promise<void> {
  await patiently('enough for a digest is written', ensemble.connect(), async (client) => {
    await ensure(client, '/digests');
    await Promise.all(Array.from({ length: TXNS_BETWEEN_DIGESTS }, () => client.setData('/digests', null)));
  });
  const seen = (): Promise<readonly (string | undefined)[]> =>
    Promise.all(ensemble.members.map(async (member) => (await member.word('hash')).trim().split('\n').at(-1)));
  await until(
    'the last digests of all servers are equal',
    async () => {
      const [first, ...others] = await seen();
      return first !== undefined && /^\S+: \S+$/.test(first) && others.every((other) => other === first)
        ? true
        : undefined;
    },
    seen,
  );
}
