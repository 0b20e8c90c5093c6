import { deepStrictEqual, ok, strictEqual } from 'node:assert';
import { join } from 'node:path';
import { createNodePorts } from '@biquorum/platform/node';
import { Prng } from '@biquorum/std';
import { ZooKeeperClient } from '@biquorum/zookeeper-client';
import { ApacheZooKeeper } from '../apache/zookeeper.ts';
import type { Suite } from '../suite.ts';
import { ask, monitored } from '../zookeeper-files/four-letters.ts';
import { AS_BOB, fill, Load } from '../zookeeper-files/load.ts';
import { type Owner, TakingTurns } from '../zookeeper-files/taking-turns.ts';
import { checkKept, checkSame } from '../zookeeper-files/tree.ts';
import { readAll, type Tree } from '../zookeeper-tree/read-all.ts';

/** Few, so that logs are rolled and snapshots made while there is load. */
const SNAP_COUNT = 300;
/** So much has to be acknowledged before a server is killed. */
const ACKNOWLEDGED = 200;
const NODES = 150;

interface Turn {
  readonly owner: Owner;
  readonly ends: 'stopped' | 'killed under load';
  readonly compression?: 'gz' | 'snappy';
}

const TURNS: readonly Turn[] = [
  { owner: 'Apache', ends: 'stopped' },
  { owner: 'ours', ends: 'stopped' },
  { owner: 'Apache', ends: 'killed under load', compression: 'gz' },
  { owner: 'ours', ends: 'killed under load', compression: 'snappy' },
  { owner: 'Apache', ends: 'stopped' },
];

/** Of an ensemble of one: each turn is an epoch, and there are snapshots and logs of all of them. */
const EPOCHS: readonly Turn[] = [
  { owner: 'Apache', ends: 'killed under load' },
  { owner: 'ours', ends: 'killed under load' },
  { owner: 'Apache', ends: 'stopped' },
];

export const suite: Suite = {
  name: 'zookeeper-files',
  title: "ZooKeeper's data directory goes from Apache's server to ours and back, and Apache's tools read it",
  needs: ['java', 'mvn'],
  live: true,
  async run({ check, seed, scratch }) {
    const prng = new Prng(seed);
    await takeTurns(check, await TakingTurns.prepare(join(scratch, 'turns')), TURNS, prng);
    const ensemble = await TakingTurns.prepare(join(scratch, 'epochs'), true);
    await takeTurns(check, ensemble, EPOCHS, prng);
    await check('each turn of an ensemble was an epoch, promised and adopted', () => {
      const epochs = [ensemble.epoch('acceptedEpoch'), ensemble.epoch('currentEpoch')];
      deepStrictEqual(epochs, [EPOCHS.length, EPOCHS.length]);
    });
    await checkTools(check, join(scratch, 'tools'), prng);
  },
};

type Check = (title: string, body: () => unknown) => Promise<void>;

/** Lets servers take their turns on one directory, under one client in one session. */
async function takeTurns(check: Check, started: TakingTurns, plan: readonly Turn[], prng: Prng): Promise<void> {
  await using turns = started;
  await using client = new ZooKeeperClient({
    connect: turns.connect,
    ports: createNodePorts(),
    sessionTimeoutMs: 60_000,
  });
  let load: Load | null = null;
  let stopping: Promise<void> | null = null;
  let before: Tree = new Map();
  let sessionId = 0n;
  let last: Turn | null = null;
  for (const [round, turn] of plan.entries()) {
    const { owner, ends, compression } = turn;
    const settings = {
      snapCount: SNAP_COUNT,
      preAllocSize: 256,
      ...(compression === undefined ? {} : { 'snapshot.compression.method': compression }),
    };
    const of = plan === EPOCHS ? `epoch ${round + 1}` : `turn ${round + 1}`;
    const what = last === null ? 'an empty directory' : `what ${nameOf(last.owner)} left, ${last.ends}`;
    // Where one does not start there is nothing to go on with.
    await turns.start(owner, settings);
    await client.untilConnected();
    let passed = false;
    await check(`${of}: ${nameOf(owner)} begins with ${what}`, async () => {
      if (round === 0) {
        await client.addAuth('digest', AS_BOB);
        sessionId = client.sessionId;
      }
      strictEqual(client.sessionId, sessionId, 'the session has gone on');
      await stopping;
      const found = await readAll(client);
      if (last?.ends === 'stopped') checkSame(before, found);
      else if (last !== null) checkKept(before, found);
      await load?.check();
      if (round > 0) strictEqual((await client.getEphemerals()).length, round, 'ephemerals of the session');
      strictEqual(monitored(await ask(turns.connect, 'mntr'), 'digest_mismatches_count'), 0);
      ok(!/digests of the log do not fit|Digests are not matching/.test(turns.output()));
      passed = true;
      return `${found.size} nodes`;
    });
    if (!passed) throw new Error('what comes after would say nothing');
    await fill(client, prng, round, NODES);
    before = await readAll(client);
    load = null;
    stopping = null;
    if (ends === 'stopped') await turns.stop();
    else {
      load = await loaded(new Load(client, round));
      stopping = load.stop();
      await turns.kill();
    }
    last = turn;
  }
}

function nameOf(owner: Owner): string {
  return owner === 'ours' ? 'ours' : "Apache's";
}

async function loaded(load: Load): Promise<Load> {
  while (load.acknowledged < ACKNOWLEDGED) await new Promise((resolve) => setTimeout(resolve, 10));
  return load;
}

/** Apache's tools on files that only our server has written. */
async function checkTools(check: Check, directory: string, prng: Prng): Promise<void> {
  await using turns = await TakingTurns.prepare(directory);
  const tools = await ApacheZooKeeper.prepare(join(directory, 'apache'));
  for (const [round, compression] of ([null, 'gz', 'snappy'] as const).entries()) {
    await turns.start('ours', {
      snapCount: SNAP_COUNT,
      ...(compression === null ? {} : { 'snapshot.compression.method': compression }),
    });
    await using client = new ZooKeeperClient({ connect: turns.connect, ports: createNodePorts() });
    await client.addAuth('digest', AS_BOB);
    await fill(client, prng, round, NODES);
    await client.close();
    await turns.stop();
  }
  await check('SnapshotFormatter shows our snapshots, plain and compressed', async () => {
    const snapshots = turns.named('snapshot.');
    for (const suffix of [/\.[0-9a-f]+$/, /\.gz$/, /\.snappy$/]) {
      const name = snapshots.findLast((one) => suffix.test(one));
      ok(name !== undefined, `no snapshot ${suffix}`);
      const { stdout } = await tools.run('org.apache.zookeeper.server.SnapshotFormatter', [join(turns.files, name)]);
      const shown = stdout.split('\n').filter((line) => line.startsWith('/'));
      ok(shown.length > NODES, `${shown.length} nodes of ${name}`);
    }
    return `${snapshots.length} snapshots`;
  });
  await check('TxnLogToolkit reads our logs, every transaction once', async () => {
    const zxids: number[] = [];
    for (const name of turns.named('log.')) {
      const { stdout } = await tools.run('org.apache.zookeeper.server.persistence.TxnLogToolkit', [
        '-d',
        join(turns.files, name),
      ]);
      ok(!/CRC ERROR/.test(stdout), `${name}: ${stdout.slice(-500)}`);
      ok(/EOF reached after \d+ txns/.test(stdout), `${name}: ${stdout.slice(-500)}`);
      for (const [, zxid] of stdout.matchAll(/ zxid 0x([0-9a-f]+) /g)) zxids.push(Number.parseInt(zxid ?? '', 16));
    }
    deepStrictEqual(
      zxids,
      zxids.map((_, index) => index + 1),
    );
    return `${zxids.length} transactions`;
  });
}
