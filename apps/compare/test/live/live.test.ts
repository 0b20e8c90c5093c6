import { connect } from 'node:net';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { Live } from '../../src/live/live.ts';
import { LIMITS, MODES } from '../../src/live/protocol.ts';
import { post, Watcher } from './watcher.ts';

const PATIENCE = { timeout: 60_000, interval: 50 };
let live: Live;
let watcher: Watcher;

beforeAll(async () => {
  live = await Live.start({ lines: ['one', 'two'] });
  watcher = new Watcher(live.url);
  await live.load();
}, 60_000);

afterAll(async () => {
  watcher?.[Symbol.dispose]();
  await live?.stop();
}, 60_000);

/** Waits until every cluster, as the page is told of it, is whole: one controller, all in sync, all up. */
async function untilWhole(): Promise<void> {
  await vi.waitFor(() => {
    for (const mode of MODES) {
      const cluster = watcher.state?.clusters[mode];
      expect(cluster?.nodes.map(({ state, cutOff }) => `${state} ${cutOff}`)).toEqual(Array(6).fill('running false'));
      expect(cluster?.nodes.filter(({ controllerEpoch }) => controllerEpoch !== null)).toHaveLength(1);
      expect(cluster?.partitions.map(({ isr }) => isr.length)).toEqual([3, 3, 3]);
      expect(cluster?.government).toMatchObject({ votersUp: 3, majority: 2 });
    }
  }, PATIENCE);
}

test('the page is told of both clusters: who governs, who leads, what is in sync, and records that flow', async () => {
  await untilWhole();
  const { zookeeper, kraft } = watcher.state?.clusters ?? {};
  expect(zookeeper?.nodes.map(({ id, role }) => `${role} ${id}`)).toEqual([
    'zookeeper 201',
    'zookeeper 202',
    'zookeeper 203',
    'broker 1',
    'broker 2',
    'broker 3',
  ]);
  // The controller is a broker in one mode and the leader of the quorum in the other.
  expect(zookeeper?.government.controller?.id).toBeOneOf([1, 2, 3]);
  expect(zookeeper?.government.quorumLeader?.id).toBeOneOf([201, 202, 203]);
  expect(kraft?.government.controller).toEqual(kraft?.government.quorumLeader);
  await vi.waitFor(() => {
    for (const mode of MODES) expect(live.total(mode).consumed).toBeGreaterThan(100);
    const rates = watcher.ticks.findLast(({ sample }) => sample !== undefined)?.sample?.rates;
    for (const mode of MODES) expect(rates?.[mode].latencyP50Ms).toBeGreaterThan(0);
  }, PATIENCE);
  // Both elections, message by message, and what each mode keeps of it.
  const titles = (mode: string): string[] =>
    watcher.events.filter((event) => event.mode === mode).map(({ title }) => title);
  expect(titles('zookeeper')).toEqual(
    expect.arrayContaining([
      'Notification',
      'LeaderInfo',
      'AckEpoch',
      'NewLeader',
      'UpToDate',
      'elected as controller',
    ]),
  );
  expect(titles('kraft')).toEqual(
    expect.arrayContaining(['Vote', 'VoteReply', 'BeginQuorum', 'controller became active']),
  );
  const numbers = watcher.events.map(({ number }) => number);
  expect(numbers).toEqual(numbers.map((_, index) => (numbers[0] ?? 0) + index));
  await vi.waitFor(() => {
    const znodes = watcher.ticks.findLast((tick) => tick.znodes !== undefined)?.znodes ?? watcher.hello?.znodes;
    const paths = znodes?.map(({ path }) => path);
    expect(paths).toEqual(expect.arrayContaining(['/controller', '/brokers/ids/1', '/brokers/topics/trickle']));
    expect(znodes?.find(({ path }) => path === '/controller')?.ephemeral).toBe(true);
    const records = [...(watcher.hello?.records ?? []), ...watcher.ticks.flatMap((tick) => tick.records ?? [])];
    const types = records.map(({ type }) => type);
    expect(types).toEqual(expect.arrayContaining(['RegisterBrokerRecord', 'TopicRecord', 'PartitionRecord']));
    expect(records.map(({ offset }) => offset)).toEqual(records.map((_, index) => (records[0]?.offset ?? 0) + index));
  }, PATIENCE);
}, 120_000);

test('killing the controller in both has both elect another one, and healing brings everything back', async () => {
  await untilWhole();
  const before = watcher.state?.clusters;
  const outcome = await watcher.ask({ action: 'kill', target: { kind: 'controller' }, modes: MODES });
  for (const mode of MODES) expect(outcome[mode]).toEqual({ node: before?.[mode].government.controller?.id });
  await vi.waitFor(() => {
    for (const mode of MODES) {
      const [old, now] = [before?.[mode].government.controller, watcher.state?.clusters[mode].government.controller];
      expect(now?.id).not.toBe(old?.id);
      expect(now?.epoch).toBeGreaterThan(old?.epoch ?? Number.POSITIVE_INFINITY);
    }
  }, PATIENCE);
  await watcher.ask({ action: 'heal', modes: MODES });
  await untilWhole();
}, 120_000);

test('a controller that is paused and comes back is seen as a zombie, and gives way', async () => {
  await untilWhole();
  const before = watcher.state?.clusters;
  await watcher.ask({ action: 'pause', target: { kind: 'controller' }, modes: MODES });
  await vi.waitFor(() => {
    for (const mode of MODES) {
      const { id, epoch } = before?.[mode].government.controller ?? { id: -1, epoch: -1 };
      const cluster = watcher.state?.clusters[mode];
      expect(cluster?.nodes.find((node) => node.id === id)).toMatchObject({
        state: 'paused',
        lastControllerEpoch: epoch,
      });
      expect(cluster?.government.controller?.epoch).toBeGreaterThan(epoch);
    }
  }, PATIENCE);
  await watcher.ask({ action: 'heal', modes: MODES });
  await untilWhole();
}, 120_000);

test('a leader that is cut off is replaced in both, and catches up when it is healed', async () => {
  await untilWhole();
  const target = { kind: 'partition-leader', partition: 0 } as const;
  const outcome = await watcher.ask({ action: 'cut', target, modes: MODES });
  await vi.waitFor(() => {
    for (const mode of MODES) {
      const cut = (outcome[mode] as { node: number }).node;
      const [partition] = watcher.state?.clusters[mode].partitions ?? [];
      expect(partition?.leader).toBeGreaterThan(0);
      expect(partition?.leader).not.toBe(cut);
      expect(partition?.isr).not.toContain(cut);
    }
  }, PATIENCE);
  await watcher.ask({ action: 'heal', modes: MODES });
  await untilWhole();
}, 120_000);

test('what is no command, is too long, or comes from elsewhere changes nothing', async () => {
  const { origin, host, port } = new URL(live.url);
  expect(await post(live.url, '{"action":"explode"}', { origin })).toMatchObject({ status: 400 });
  expect(await post(live.url, ' '.repeat(LIMITS.commandBytes + 1), { origin })).toMatchObject({ status: 400 });
  const heal = JSON.stringify({ action: 'heal', modes: MODES });
  expect(await post(live.url, heal, { origin: 'http://evil.example' })).toMatchObject({ status: 403 });
  expect(await post(live.url, heal, { origin, host: `evil.example:${port}` })).toMatchObject({ status: 403 });
  expect(await post(live.url, heal, { origin, host })).toMatchObject({ status: 200 });
  // Bytes that are no HTTP end their own connection.
  const socket = connect(Number(port), '127.0.0.1');
  socket.end('\u0000\u0000\u0000\u0000');
  await new Promise<void>((resolve) => {
    socket.on('close', () => resolve());
    socket.on('error', () => {});
    socket.resume();
  });
  expect((await fetch(live.url)).status).toBe(200);
}, 60_000);

test('so many pages are served and no more', async () => {
  const aborted = new AbortController();
  const open = (): Promise<Response> => fetch(new URL('live', live.url), { signal: aborted.signal });
  // One is watched already.
  const pages = await Promise.all(Array.from({ length: LIMITS.viewers - 1 }, open));
  expect(pages.map(({ status }) => status)).toEqual(pages.map(() => 200));
  expect((await open()).status).toBe(503);
  aborted.abort();
  await vi.waitFor(async () => {
    const again = new AbortController();
    const { status } = await fetch(new URL('live', live.url), { signal: again.signal });
    again.abort();
    expect(status).toBe(200);
  }, PATIENCE);
}, 60_000);

// The last one: nothing is healed after it, and the stop must not wait for a majority that is gone.
test('without a majority neither mode has anybody who decides, and records flow all the same', async () => {
  await untilWhole();
  for (const index of [0, 1]) {
    await watcher.ask({ action: 'kill', target: { kind: 'voter', index }, modes: MODES });
  }
  await vi.waitFor(() => {
    for (const mode of MODES) {
      expect(watcher.state?.clusters[mode].government).toMatchObject({ quorumLeader: null, votersUp: 1, majority: 2 });
    }
  }, PATIENCE);
  const before = MODES.map((mode) => live.total(mode).produced);
  await vi.waitFor(() => {
    for (const [index, mode] of MODES.entries()) {
      expect(live.total(mode).produced).toBeGreaterThan((before[index] ?? 0) + 50);
    }
  }, PATIENCE);
  expect(await watcher.ask({ action: 'kill', target: { kind: 'quorum-leader' }, modes: ['kraft'] })).toEqual({
    kraft: { refused: 'the quorum has no leader' },
  });
}, 120_000);
