import {
  CapabilityError,
  Driver,
  type DriverEvents,
  type DriverLimits,
  type Effect,
  EngineConfigError,
  type EngineKind,
  type Entry,
  type Filling,
  type Input,
  MemoryStorage,
  type Outcome,
  type Transport,
  type TransportEvents,
  type View,
} from '@biquorum/consensus';
import type { Timers } from '@biquorum/platform';
import { MemoryWorld } from '@biquorum/platform/testing';
import { expect, test } from 'vitest';

const codec = {
  encode: (value: string) => new TextEncoder().encode(value),
  decode: (bytes: Uint8Array) => new TextDecoder().decode(bytes),
};
type TextEffect = Effect<string, string>;

/** A driver over an engine that does as the test says. */
class Bench {
  readonly world: MemoryWorld = new MemoryWorld({ seed: 1 });
  readonly inputs: Input<string>[] = [];
  readonly sent: string[] = [];
  readonly outcomes: Outcome[] = [];
  readonly applied: Entry[] = [];
  events: TransportEvents<string> | null = null;
  failure: unknown = null;
  respond: (input: Input<string>) => readonly TextEffect[] = () => [];
  apply: (entry: Entry) => void = (entry) => void this.applied.push(entry);
  restore: () => void = () => {};
  application: (from: number, payload: Uint8Array) => void = () => {};
  storage: (timers: Timers) => MemoryStorage<string> = (timers) => new MemoryStorage(timers);

  start(limits: Partial<DriverLimits> = {}, fifo = false): Promise<Driver<string, string>> {
    const { ports } = this.world.addHost('one');
    const kind: EngineKind<string, string> = {
      name: 'scripted',
      capabilities: {
        voterChanges: false,
        leadershipTransfer: false,
        leaseReads: false,
        observers: false,
        preVote: false,
        applicationMessages: fifo,
      },
      channels: [{ name: 'channel', link: fifo ? 'fifo' : 'any' }],
      entryBytesMax: Number.POSITIVE_INFINITY,
      messages: codec,
      durable: codec,
      fill: (message, filling) => (filling.kind === 'entries' ? `${message} with ${filling.entries.length}` : message),
      create: () => ({
        step: (input) => {
          if (input.kind !== 'tick') this.inputs.push(input);
          return this.respond(input);
        },
        view: () => ({}) as View,
      }),
    };
    const transport: Transport<string> = {
      start: (events) => {
        this.events = events;
      },
      send: (_channel, _to, message) => void this.sent.push(message),
      dial: (_channel, to) => void this.sent.push(`dial ${to}`),
      hangUp: (_channel, to) => void this.sent.push(`hang up on ${to}`),
      learn: () => {},
      close: async () => {},
    };
    const events: Partial<DriverEvents> = {
      settled: (_token, outcome) => void this.outcomes.push(outcome),
      application: (_channel, from, payload) => this.application(from, payload),
      failed: (error) => {
        this.failure = error;
      },
    };
    return this.world.run(
      Driver.start({
        kind,
        id: 0,
        directory: '',
        address: '',
        peers: [],
        storage: this.storage(ports.timers),
        transport,
        machine: {
          apply: (one) => this.apply(one),
          snapshot: () => new Uint8Array(0),
          restore: () => this.restore(),
        },
        ports,
        events,
        limits: { tickMs: 1000, ...limits },
      }),
    );
  }

  rest(): Promise<void> {
    return this.world.time.runFor(10);
  }
}

const entry = (index: number): Entry => ({ index, span: 1, epoch: 1, kind: 'data', payload: new Uint8Array(1) });
const send = (message: string, after: number): TextEffect => ({
  kind: 'send',
  channel: 'channel',
  to: 1,
  message,
  request: 0,
  after,
  fill: null,
});
const proposal = { span: 1, bytesMax: 1, build: () => new Uint8Array(1) };

test('a message that names a write leaves after that write, and others do not wait for it', async () => {
  const bench = new Bench();
  bench.respond = (input) =>
    input.kind === 'read'
      ? [{ kind: 'write', write: { id: 1, append: [entry(0)] } }, send('after the write', 1), send('at once', 0)]
      : [];
  const driver = await bench.start();
  driver.read();
  driver.run();
  expect(bench.sent).toEqual(['at once']);
  await bench.rest();
  expect(bench.sent).toEqual(['at once', 'after the write']);
});

test('on a fifo channel a message that waits for a write holds up those behind it', async () => {
  const bench = new Bench();
  bench.respond = (input) =>
    input.kind === 'read'
      ? [{ kind: 'write', write: { id: 1, append: [entry(0)] } }, send('after the write', 1), send('behind it', 0)]
      : [];
  const driver = await bench.start({}, true);
  driver.read();
  driver.run();
  expect(bench.sent).toEqual([]);
  await bench.rest();
  expect(bench.sent).toEqual(['after the write', 'behind it']);
});

test('what is in the inbox of a link is dropped with the link when the engine hangs up or dials', async () => {
  for (const kind of ['hangUp', 'dial'] as const) {
    const bench = new Bench();
    bench.respond = (input) => (input.kind === 'read' ? [{ kind, channel: 'channel', peer: 1 }] : []);
    const driver = await bench.start({}, true);
    driver.read();
    bench.events?.message('channel', 1, 0, 'of the old link');
    bench.events?.message('channel', 2, 0, 'of another link');
    bench.events?.link('channel', 1, false);
    await bench.rest();
    expect(bench.inputs.map((input) => (input.kind === 'message' ? input.message : input.kind))).toEqual([
      'read',
      'of another link',
    ]);
    expect(bench.sent).toEqual([kind === 'dial' ? 'dial 1' : 'hang up on 1']);
  }
});

test('what the engine sends before it has heard that a link is down does not get onto the next link', async () => {
  const bench = new Bench();
  bench.respond = (input) => (input.kind === 'read' || input.kind === 'link' ? [send(`at ${input.kind}`, 0)] : []);
  const driver = await bench.start({}, true);
  driver.read();
  bench.events?.link('channel', 1, false);
  bench.events?.link('channel', 1, true);
  await bench.rest();
  expect(bench.sent).toEqual(['at link', 'at link']);
});

test('a link whose data is gone is given up, the engine hears of it, and the next one carries messages again', async () => {
  const bench = new Bench();
  const gone = { kind: 'entries', from: 7, upTo: 9, bytesMax: 1 } as const;
  bench.respond = (input) => {
    if (input.kind === 'read') return [{ ...(send('data', 0) as Extract<TextEffect, { kind: 'send' }>), fill: gone }];
    return input.kind === 'link' && input.up ? [send('again', 0)] : [];
  };
  (await bench.start({}, true)).read();
  await bench.rest();
  expect(bench.inputs.at(-1)).toEqual({ kind: 'link', channel: 'channel', peer: 1, up: false });
  // The other end calls again.
  bench.events?.link('channel', 1, true);
  await bench.rest();
  expect(bench.sent).toEqual(['hang up on 1', 'again']);
});

test('an application message is heard once everything is applied that was committed when it came', async () => {
  const bench = new Bench();
  const heard: string[] = [];
  bench.apply = ({ index }) => void heard.push(`applied ${index}`);
  bench.application = (from) => void heard.push(`heard ${from}`);
  const say = (from: number): TextEffect => ({
    kind: 'application',
    channel: 'channel',
    from,
    payload: new Uint8Array(0),
  });
  bench.respond = (input) =>
    input.kind === 'read'
      ? [
          say(1),
          { kind: 'write', write: { id: 1, append: [entry(0)] } },
          { kind: 'deliver', upTo: { epoch: 1, index: 1 } },
          say(2),
        ]
      : [];
  (await bench.start({}, true)).read();
  await bench.rest();
  expect(heard).toEqual(['heard 1', 'applied 0', 'heard 2']);
});

test('an engine that wants a snapshot is asked for one of what is applied', async () => {
  const bench = new Bench();
  bench.respond = (input) => (input.kind === 'read' ? [{ kind: 'wantSnapshot' }] : []);
  (await bench.start()).read();
  await bench.rest();
  expect(bench.inputs).toEqual([expect.objectContaining({ kind: 'read' }), { kind: 'snapshot', upTo: 0 }]);
});

test('what a port reports from within a step waits until the step is over', async () => {
  const bench = new Bench();
  let inside = false;
  let entered = false;
  const driver = await bench.start();
  bench.respond = (input) => {
    if (inside) entered = true;
    inside = true;
    if (input.kind === 'read') {
      driver.push({ kind: 'link', channel: 'channel', peer: 1, up: true });
      driver.run();
    }
    inside = false;
    return [];
  };
  driver.read();
  await bench.rest();
  expect(entered).toBe(false);
  expect(bench.inputs.map(({ kind }) => kind)).toEqual(['read', 'link']);
});

test('proposals that wait one behind the other come in one step', async () => {
  const bench = new Bench();
  const driver = await bench.start();
  const tokens = [driver.propose(proposal), driver.propose(proposal), driver.read(), driver.propose(proposal)];
  await bench.rest();
  expect(bench.inputs.map((input) => (input.kind === 'propose' ? input.proposals.length : input.kind))).toEqual([
    2,
    'read',
    1,
  ]);
  expect(new Set(tokens).size).toBe(4);
});

test('a full inbox turns messages away and refuses proposals, and takes them again once there is room', async () => {
  const bench = new Bench();
  const driver = await bench.start({ inboxInputs: 3 });
  await bench.rest();
  const offer = (): boolean => bench.events?.message('channel', 1, 0, 'message') ?? false;
  expect([offer(), offer(), offer(), offer()]).toEqual([true, true, true, false]);
  driver.propose(proposal);
  expect(bench.outcomes).toEqual([{ kind: 'refused', reason: 'busy', leader: -1 }]);
  await bench.rest();
  expect(bench.inputs).toHaveLength(3);
  expect(offer()).toBe(true);
});

test('the machine is given each committed entry once and in order, control entries too', async () => {
  const bench = new Bench();
  const log = [entry(0), { ...entry(1), span: 3, kind: 'control' as const }, entry(4)];
  bench.respond = (input) => {
    if (input.kind !== 'command') return [];
    return [
      { kind: 'write', write: { id: 1, append: log } },
      { kind: 'deliver', upTo: { epoch: 1, index: 4 } },
      { kind: 'deliver', upTo: { epoch: 1, index: 5 } },
    ];
  };
  const driver = await bench.start();
  driver.command({ kind: 'resign' });
  await bench.rest();
  expect(bench.applied.map(({ index, kind }) => [index, kind])).toEqual([
    [0, 'data'],
    [1, 'control'],
    [4, 'data'],
  ]);
  expect(driver.applied).toBe(5);
});

test('a request is answered the way it came, with the data that the answer refers to', async () => {
  const bench = new Bench();
  bench.respond = (input) => {
    if (input.kind !== 'request') return [];
    const fill = { kind: 'entries', from: 0, upTo: 2, bytesMax: 100 } as const;
    return [
      { kind: 'write', write: { id: 1, append: [entry(0), entry(1)] } },
      { kind: 'answer', token: input.token, message: 'answer', after: 0, fill },
    ];
  };
  await bench.start();
  const answers: string[] = [];
  bench.events?.request('channel', 9, 'question', (answer) => void answers.push(answer));
  await bench.rest();
  expect(answers).toEqual(['answer with 2']);
});

test('an answer that names a write leaves after that write, and is lost with the node that did not make it', async () => {
  for (const stops of [false, true]) {
    const bench = new Bench();
    bench.respond = (input) => {
      if (input.kind !== 'request') return [];
      return [
        { kind: 'write', write: { id: 1, durable: 'vote' } },
        { kind: 'answer', token: input.token, message: 'granted', after: 1, fill: null },
      ];
    };
    const driver = await bench.start();
    const answers: string[] = [];
    bench.events?.request('channel', 9, 'vote?', (answer) => void answers.push(answer));
    driver.run();
    expect(answers).toEqual([]);
    if (stops) driver.stop();
    await bench.rest();
    expect(answers).toEqual(stops ? [] : ['granted']);
  }
});

test('an engine that breaks an invariant stops the node, which tells why and does nothing more', async () => {
  const bench = new Bench();
  const driver = await bench.start();
  bench.respond = () => {
    throw new Error('broken');
  };
  driver.read();
  await bench.rest();
  expect(`${bench.failure}`).toContain('broken');
  expect(driver.stopped).toBe(true);
  const { length } = bench.inputs;
  driver.read();
  await bench.rest();
  expect(bench.inputs).toHaveLength(length);
});

/** As if everything had to be read from a disk. */
class ColdStorage extends MemoryStorage<string> {
  override readEntries(from: number, upTo: number, bytesMax: number, done: (filling: Filling) => void): void {
    super.readEntries(from, upTo, bytesMax, (filling) => void Promise.resolve().then(() => done(filling)));
  }
}

test.each([
  ['memory', (timers: Timers) => new MemoryStorage<string>(timers)],
  ['a disk', (timers: Timers) => new ColdStorage(timers)],
])('a machine that throws on an entry from %s stops the node, which is given it once', async (_, storage) => {
  const bench = new Bench();
  bench.storage = storage;
  let given = 0;
  bench.apply = () => {
    given++;
    throw new Error('no such command');
  };
  bench.respond = (input) =>
    input.kind === 'command'
      ? [
          { kind: 'write', write: { id: 1, append: [entry(0)] } },
          { kind: 'deliver', upTo: { epoch: 1, index: 1 } },
        ]
      : [];
  const driver = await bench.start();
  driver.command({ kind: 'resign' });
  await bench.rest();
  expect(`${bench.failure}`).toContain('no such command');
  expect([given, driver.stopped]).toEqual([1, true]);
});

test('a machine that cannot take a snapshot in stops the node', async () => {
  const bench = new Bench();
  const id = { epoch: 1, index: 1 };
  bench.storage = (timers) => {
    const storage = new MemoryStorage<string>(timers);
    storage.writeSnapshot(id, new Uint8Array(0), new Uint8Array(0));
    return storage;
  };
  const driver = await bench.start();
  bench.restore = () => {
    throw new Error('not a state of mine');
  };
  bench.respond = (input) => (input.kind === 'command' ? [{ kind: 'restore', snapshot: id }] : []);
  driver.command({ kind: 'resign' });
  await bench.rest();
  expect(`${bench.failure}`).toContain('not a state of mine');
  expect(driver.stopped).toBe(true);
});

test('committed entries that the storage does not have stop the node, but for those that a snapshot replaces', async () => {
  for (const installing of [false, true]) {
    const bench = new Bench();
    const id = { epoch: 1, index: 9 };
    const driver = await bench.start();
    bench.respond = (input) => {
      if (input.kind !== 'command') return [];
      const deliver: TextEffect = { kind: 'deliver', upTo: { epoch: 1, index: 1 } };
      if (!installing) return [deliver];
      const bytes = new Uint8Array(3);
      return [
        { kind: 'receiveSnapshot', id, position: 0, bytes },
        { kind: 'installSnapshot', id, size: bytes.length },
        deliver,
      ];
    };
    driver.command({ kind: 'resign' });
    driver.run();
    expect(driver.stopped).toBe(!installing);
    if (!installing) expect(`${bench.failure}`).toContain('committed entries from 0 on are gone');
  }
});

test('application messages are refused by an engine that does not declare them', async () => {
  const bench = new Bench();
  const driver = await bench.start();
  expect(() => driver.application('channel', 1, new Uint8Array(1))).toThrow(CapabilityError);
});

test('limits out of their range are named', async () => {
  const start = new Bench().start({ inboxInputs: 0 });
  await expect(start).rejects.toThrow(EngineConfigError);
  await expect(start).rejects.toThrow('limit inboxInputs is 0; it must be a whole number from 1 on');
});
