import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { createNodePorts } from '@biquorum/platform/node';
import { ZooKeeperClient } from '@biquorum/zookeeper-client';
import { until } from '../mixed-cluster/until.ts';
import { MixedEnsemble } from './ensemble.ts';
import { Load } from './load.ts';
import type { Make, Member } from './member.ts';
import { ensure, patiently } from './patience.ts';
import { changeAll } from './requests.ts';
import { sameEverywhere } from './same-everywhere.ts';
import { readTree } from './trees.ts';

/** Something that an ensemble of ours and Apache's goes through. */
export interface Scenario {
  readonly title: string;
  /** @returns What is to be shown beside the title. */
  play(root: string): Promise<string>;
}

/** Leaders that are killed under load, one after the other. */
const KILLS = 2;
const WRITES = 60;
const LEADER_TRIES = 10;

/** What is played, each with an ensemble of its own. */
export const scenarios: readonly Scenario[] = [
  {
    title: 'two of ours and one of Apache: leaders die under load, nothing that was acknowledged is lost',
    play: (root) => leadersDie(root, ['ours', 'ours', 'apache']),
  },
  {
    title: 'one of ours and two of Apache: leaders die under load, nothing that was acknowledged is lost',
    play: (root) => leadersDie(root, ['apache', 'apache', 'ours']),
  },
  {
    title: 'a server that was away learns by DIFF, one that lost all by SNAP, one that knows too much by TRUNC',
    play: catchUp,
  },
  {
    title: 'leaders that are paused under load come back as followers, and nothing that was acknowledged is lost',
    play: leadersSleep,
  },
  {
    title:
      'requests of all kinds go through any server under any leader; sessions live while they are heard of, and end',
    play: sessionsEnd,
  },
  {
    title: 'observers of either make follow leaders of either make, and pass writes on',
    play: observe,
  },
];

async function leadersDie(root: string, makes: readonly Make[]): Promise<string> {
  await using ensemble = await MixedEnsemble.prepare({ root, makes });
  await ensemble.start();
  await ensemble.untilServing();
  const load = await Load.start(ensemble.connect());
  const led: string[] = [];
  try {
    await load.more(WRITES);
    for (let kill = 0; kill < KILLS; kill++) {
      const leader = await ensemble.untilServing();
      led.push(leader.make);
      await load.more(WRITES);
      await leader.kill();
      const next = await ensemble.untilServing();
      led.push(next.make);
      await load.more(WRITES);
      await leader.start();
    }
    await ensemble.untilServing();
    await load.more(WRITES);
    await load.stop();
    await sameEverywhere(ensemble, load);
  } finally {
    await load.close();
  }
  for (const make of ['ours', 'apache'])
    if (!led.includes(make)) throw new Error(`no server of ${make} led: ${led.join(', ')}`);
  return `${load.acknowledged} writes; leaders ${led.join(', ')}`;
}

/** A third of it is how long a client knocks at a server that stands still, before it tries the next. */
const PATIENT_SESSION_MS = 18_000;

/** A leader of each make is paused until another leads; it must not go on as one. */
async function leadersSleep(root: string): Promise<string> {
  const makes: readonly Make[] = ['ours', 'apache', 'ours'];
  // Followers miss a paused leader after six ticks.
  await using ensemble = await MixedEnsemble.prepare({ root, makes, settings: { syncLimit: 6 } });
  await ensemble.start();
  await ensemble.untilServing();
  const load = await Load.start(ensemble.connect(), { sessionMs: PATIENT_SESSION_MS });
  const paused: string[] = [];
  try {
    for (const id of [3, 2]) {
      const leader = ensemble.member(id);
      await leadBy(ensemble, leader);
      await load.more(WRITES);
      leader.pause();
      const next = await ensemble.untilServing();
      await load.more(WRITES);
      leader.resume();
      await ensemble.untilServing();
      paused.push(`${leader.make} for ${next.make}`);
    }
    await load.more(WRITES);
    await load.stop();
    await sameEverywhere(ensemble, load);
  } finally {
    for (const member of ensemble.members) member.resume();
    await load.close();
  }
  return `${load.acknowledged} writes; ${paused.join(', ')}`;
}

/** Servers 1 and 3 are Apache's, server 2 is ours. Apache's logs tell what was sent. */
async function catchUp(root: string): Promise<string> {
  await using ensemble = await MixedEnsemble.prepare({ root, makes: ['apache', 'ours', 'apache'] });
  await ensemble.start();
  const [ours, apache] = [ensemble.member(2), ensemble.member(1)];
  const leading = ensemble.member(3);
  await leadBy(ensemble, leading);
  await missSome(ensemble, ours);
  expectLine(leading, /Sending DIFF/);
  await loseAll(ensemble, ours);
  expectLine(leading, /Sending SNAP|Sending snapshot/);
  await leadBy(ensemble, ours);
  await missSome(ensemble, apache);
  expectLine(apache, /Getting a diff from the leader/);
  await loseAll(ensemble, apache);
  expectLine(apache, /Getting a snapshot from leader/);
  await knowTooMuch(ensemble, ours, leading);
  // Java tells of the other two ways alone.
  const last = leading.output().split('Synchronizing with Learner').at(-1) ?? '';
  if (!last.startsWith(' sid: 2 ') || /Sending (DIFF|snapshot)/.test(last))
    throw new Error(`server 2 was not told to truncate: ${last.slice(0, 500)}`);
  await knowTooMuch(ensemble, leading, ours);
  expectLine(leading, /Truncating log to get in sync/);
  return 'each from Apache to ours, and from ours to Apache';
}

function expectLine(member: Member, line: RegExp): void {
  if (!line.test(member.output())) throw new Error(`server ${member.id} has not said ${line}`);
}

/** How long a session may be silent. Four ticks. */
const SESSION_MS = 2_000;

/** One server of each make follows, under a leader of each make. */
async function sessionsEnd(root: string): Promise<string> {
  await using ensemble = await MixedEnsemble.prepare({
    root,
    makes: ['apache', 'ours', 'apache'],
    settings: { extendedTypesEnabled: true },
  });
  await ensemble.start();
  const led: string[] = [];
  for (const id of [3, 2]) {
    const leader = ensemble.member(id);
    await leadBy(ensemble, leader);
    led.push(leader.make);
    await Promise.all(ensemble.members.map((member) => changeAll(member, `under-${id}`)));
    const connect = (member: Member): ZooKeeperClient =>
      new ZooKeeperClient({ connect: member.connect, ports: createNodePorts(), sessionTimeoutMs: SESSION_MS });
    const loud = ensemble.members.map((member) => ({ member, client: connect(member) }));
    const silent = ensemble.members.map((member) => ({ member, client: connect(member) }));
    const create = ({ client, member }: (typeof loud)[number], name: string): Promise<string> =>
      client.create(`/${name}-${id}-${member.id}`, null, { mode: 'ephemeral' });
    await Promise.all([...loud.map((one) => create(one, 'loud')), ...silent.map((one) => create(one, 'silent'))]);
    const silentSinceMs = Date.now();
    for (const { client } of silent) client.abandon();
    await using observer = new ZooKeeperClient({ connect: ensemble.connect(), ports: createNodePorts() });
    const names = async (prefix: string): Promise<readonly string[]> =>
      (await observer.getChildren('/')).children.filter((name) => name.startsWith(`${prefix}-${id}-`));
    if ((await names('silent')).length < 3 && Date.now() - silentSinceMs < SESSION_MS / 2)
      throw new Error('a session has ended before its time');
    await until('silent sessions are over', async () => ((await names('silent')).length === 0 ? true : undefined));
    // The others have been silent for longer than that, but for their pings.
    await until('their time is over twice', () => (Date.now() - silentSinceMs > 3 * SESSION_MS ? true : undefined));
    const alive = await names('loud');
    if (alive.length !== 3) throw new Error(`of three sessions that were heard of, ${alive.length} live`);
    await Promise.all(loud.map(({ client }) => client.close()));
    await sameEverywhere(ensemble);
  }
  return `under ${led.join(' and ')}`;
}

/** Servers 4 and 5 observe. */
async function observe(root: string): Promise<string> {
  const makes: readonly Make[] = ['ours', 'apache', 'ours', 'ours', 'apache'];
  await using ensemble = await MixedEnsemble.prepare({ root, makes, observers: [4, 5] });
  await ensemble.start();
  const led = new Set<Make>();
  for (let tries = 0; tries < LEADER_TRIES && led.size < 2; tries++) {
    const leader = await ensemble.untilServing();
    led.add(leader.make);
    for (const id of [4, 5]) {
      const observer = ensemble.member(id);
      const mode = await observer.mode();
      if (mode !== 'observer') throw new Error(`server ${id} is no observer, but ${mode}`);
      await patiently('the client of an observer has written', observer.connect, async (client) => {
        await ensure(client, `/by-${id}-${tries}`, null, { mode: 'ephemeral' });
        await ensure(client, `/kept-by-${id}-${tries}`, new TextEncoder().encode('x'));
      });
    }
    await sameEverywhere(ensemble);
    // Leaders of both makes count them under the same names.
    await until('the leader counts its learners', async () => {
      const counts = await Promise.all(
        ['zk_synced_followers', 'zk_synced_observers', 'zk_learners'].map((name) => leader.monitored(name)),
      );
      return counts.join() === '2,2,4' ? true : undefined;
    });
    await leader.kill();
    await ensemble.untilServing();
    await leader.start();
  }
  if (led.size < 2) throw new Error(`only servers of ${[...led].join()} led`);
  return `under ${[...led].join(' and ')}`;
}

/** Kills leaders until this server leads. */
async function leadBy(ensemble: MixedEnsemble, wanted: Member): Promise<void> {
  for (let tries = 0; tries < LEADER_TRIES; tries++) {
    const leader = await ensemble.untilServing();
    if (leader === wanted) return;
    // Who led in Java's way takes the beginning of its epoch for a transaction: with one more all are level.
    await write(ensemble, leader, `/level-${wanted.id}-${tries}-${Date.now()}`, 1);
    await leader.kill();
    await ensemble.untilServing();
    await leader.start();
  }
  throw new Error(`server ${wanted.id} has not come to lead`);
}

/** The server is away while something is written. */
async function missSome(ensemble: MixedEnsemble, learner: Member): Promise<void> {
  await learner.kill();
  await ensemble.untilServing();
  await write(ensemble, learner, `/missed-${learner.id}`, 20);
  await learner.start();
  await sameEverywhere(ensemble);
}

/** The server comes back with an empty directory. */
async function loseAll(ensemble: MixedEnsemble, learner: Member): Promise<void> {
  await learner.kill();
  await ensemble.untilServing();
  await write(ensemble, learner, `/lost-${learner.id}`, 600);
  rmSync(join(learner.data, 'version-2'), { recursive: true });
  await learner.start();
  await sameEverywhere(ensemble);
}

/** The server leads for a moment when nobody follows, and takes a write that nobody else hears of. */
async function knowTooMuch(ensemble: MixedEnsemble, learner: Member, next: Member): Promise<void> {
  await leadBy(ensemble, learner);
  const others = ensemble.members.filter((member) => member !== learner);
  const path = `/unheard-${learner.id}`;
  await using client = new ZooKeeperClient({ connect: learner.connect, ports: createNodePorts() });
  await client.untilConnected();
  await Promise.all(others.map((member) => member.kill()));
  const unheard = client.create(path, new TextEncoder().encode('unheard')).then(
    () => true,
    () => false,
  );
  await until('it leads no more', async () => ((await learner.mode()) === undefined ? true : undefined));
  await learner.kill();
  client.abandon();
  if (await unheard) throw new Error(`${path} was acknowledged by a leader that nobody followed`);
  await Promise.all(others.map((member) => member.start()));
  const leader = await ensemble.untilServing();
  if (leader !== next) throw new Error(`server ${leader.id} leads, and not server ${next.id}`);
  // Once a new epoch has transactions, Java sends a snapshot instead.
  await learner.start();
  await sameEverywhere(ensemble);
  if ((await readTree(next)).has(path)) throw new Error(`${path} has come back`);
}

function write(ensemble: MixedEnsemble, absent: Member, root: string, count: number): Promise<void> {
  const ids = ensemble.members.map(({ id }) => id).filter((id) => id !== absent.id);
  return patiently(`${root} is written`, ensemble.connect(ids), async (client) => {
    await ensure(client, root);
    await Promise.all(
      Array.from({ length: count }, (_, at) =>
        ensure(client, `${root}/${at}`, new TextEncoder().encode('x'.repeat(at))),
      ),
    );
  });
}
