import { join } from 'node:path';
import { ApacheZooKeeper } from '../apache/zookeeper.ts';
import type { Suite } from '../suite.ts';
import { compareSeed, type Players } from '../zookeeper-differential/compare.ts';
import { startOurServer } from '../zookeeper-differential/our-server.ts';
import { Player } from '../zookeeper-differential/player.ts';
import { SUPER_DIGEST } from '../zookeeper-differential/steps.ts';

/** Sequences that every run plays, as far as they fit into the time. */
const KNOWN = { seed: 1, sequences: 400, ms: 20_000 };
/** How long it plays sequences that nobody has seen. */
const FRESH_MS = 15_000;
const FULL_MS = 600_000;
/** At most one of so many sequences may differ once and not again. */
const LUCK_PER = 50;
/** The servers' own business: containers are not cleaned up while they are compared. */
const NEVER_MS = 1_000_000_000;

export const suite: Suite = {
  name: 'zookeeper-differential',
  title: "our ZooKeeper server answers sequences of requests of several sessions as Apache's does",
  needs: ['java', 'javac', 'mvn'],
  async run({ check, scratch, seed, full }) {
    await using ours = await startOurServer();
    await using apache = await ApacheZooKeeper.start(
      join(scratch, 'zookeeper'),
      {
        extendedTypesEnabled: true,
        'DigestAuthenticationProvider.superDigest': SUPER_DIGEST,
        forceSync: 'no',
        globalOutstandingLimit: 1_000,
      },
      [`znode.container.checkIntervalMs=${NEVER_MS}`],
    );
    const players: Players = { ours: await Player.open(ours.connect), apache: await Player.open(apache.connect) };
    await check('sequences that are the same in every run', () => playFor(players, KNOWN));
    const fresh = { seed: seed * 1_000, sequences: Number.POSITIVE_INFINITY, ms: full ? FULL_MS : FRESH_MS };
    await check('sequences that nobody has seen', () => playFor(players, fresh));
    players.ours.close();
    players.apache.close();
  },
};

async function playFor(
  players: Players,
  { seed, sequences, ms }: { readonly seed: number; readonly sequences: number; readonly ms: number },
): Promise<string> {
  const endMs = performance.now() + ms;
  let played = 0;
  let lucky = 0;
  // A slow machine plays some at least.
  while (played < sequences && (performance.now() < endMs || played < 10)) {
    if ((await compareSeed(players, seed + played)) === 'luck') lucky += 1;
    played += 1;
  }
  if (lucky * LUCK_PER > played + LUCK_PER) throw new Error(`${lucky} of ${played} sequences differ now and then`);
  return `${played} from ${seed} on, ${lucky} of them differed once`;
}
