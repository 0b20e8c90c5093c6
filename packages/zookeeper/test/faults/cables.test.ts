/** Links that are cut as a cable is pulled: packets are lost, and no end is told. What proxies cut is in `faults.test.ts`. */
import { Prng } from '@biquorum/std';
import { children2Reply, dataReply, pathWatchRequest } from '@biquorum/zookeeper-wire';
import { expect, test } from 'vitest';
import { Cables } from './cables.ts';
import { Load } from './load.ts';
import { ProcessEnsemble } from './process-ensemble.ts';

/** Only a hang reaches it. */
const LIMIT_MS = 600_000;
const SAME_WITHIN_MS = 90_000;

const missing = Cables.missing();

test.skipIf(missing !== undefined)(
  `servers whose cables are pulled refuse writes, the others go on, and all have the same tree once they are back${
    missing === undefined ? '' : ` (no network namespaces: ${missing})`
  }`,
  { timeout: LIMIT_MS },
  async () => {
    using cables = Cables.lay(3);
    await using ensemble = await ProcessEnsemble.start({ servers: 3, cables });
    let leader = await ensemble.untilServing();
    const load = await Load.on(ensemble, new Prng(4));
    await load.progress();

    // The leader loses the others. Its clients still reach it, and are not told that anything is done.
    const atLeader = await ensemble.client(leader);
    cables.pull(leader);
    const others = ensemble.ids.filter((id) => id !== leader);
    expect((await atLeader.create('/by-a-leader-alone')).err).toBe('closed');
    await ensemble.untilIdle([leader]);
    expect(await ensemble.tryClient(leader)).toBeUndefined();
    await ensemble.untilServing(others);
    await load.progress();
    cables.plugIn();
    leader = await ensemble.untilServing();

    // A follower loses them.
    const [follower = 0] = ensemble.ids.filter((id) => id !== leader);
    const atFollower = await ensemble.client(follower);
    cables.pull(follower);
    expect((await atFollower.create('/by-a-follower-alone')).err).toBe('closed');
    await ensemble.untilIdle([follower]);
    expect(await ensemble.tryClient(follower)).toBeUndefined();
    await load.progress();
    cables.plugIn();
    leader = await ensemble.untilServing();

    // The leader loses everybody, clients too.
    cables.pull(leader, 'everything');
    await ensemble.untilServing(ensemble.ids.filter((id) => id !== leader));
    await load.progress();
    cables.plugIn();
    await ensemble.untilServing();

    await load.check();
    await expect
      .poll(async () => new Set(await Promise.all(ensemble.ids.map((id) => treeAt(ensemble, id)))).size, {
        timeout: SAME_WITHIN_MS,
      })
      .toBe(1);
    // Nobody but the leader without followers had it, and another was elected since.
    expect(await treeAt(ensemble, leader)).not.toContain('/by-a-leader-alone');
  },
);

/** All nodes of the clients with their data and stats, as one server has them. */
async function treeAt(ensemble: ProcessEnsemble, id: number): Promise<string> {
  const client = await ensemble.client(id);
  await client.sync();
  const { body } = await client.ask('getChildren2', pathWatchRequest, { path: '/', watch: false });
  const names = body === null ? [] : children2Reply.read(body).children;
  const nodes = names.toSorted().map(async (name) => {
    const read = await client.ask('getData', pathWatchRequest, { path: `/${name}`, watch: false });
    return [`/${name}`, read.err, read.body === null || read.err !== undefined ? null : dataReply.read(read.body)];
  });
  const tree = await Promise.all(nodes);
  await client.ask('closeSession');
  client.close();
  expect(tree.length).toBeGreaterThan(1);
  return JSON.stringify(tree, (_, value: unknown) => (typeof value === 'bigint' ? `${value}` : value));
}
