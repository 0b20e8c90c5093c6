import { createRequest, OPEN_ACL, pathWatchRequest } from '@biquorum/zookeeper-wire';
import { expect, test } from 'vitest';
import { NO_CONNECTION_THROTTLE, NO_REQUEST_THROTTLE, StandaloneServer, type Submission } from '../../src/index.ts';
import { RawClient } from './raw-client.ts';

class Time {
  nowMs = 1_000;
  wallMs = (): number => this.nowMs;
  monotonicMs = (): number => this.nowMs;
}

/** A server whose writes wait until they are let through. */
class HeldServer {
  readonly time: Time = new Time();
  readonly alone: StandaloneServer;
  readonly #held: Submission[] = [];
  readonly #submit: (submission: Submission) => void;
  holds = false;

  constructor(options: Partial<ConstructorParameters<typeof StandaloneServer>[0]> = {}) {
    this.alone = new StandaloneServer({ clock: this.time, ...options });
    this.#submit = this.alone.submit.bind(this.alone);
    this.alone.submit = (submission) => {
      if (this.holds) this.#held.push(submission);
      else this.#submit(submission);
    };
  }

  client(): RawClient {
    const client = new RawClient(this.alone.server);
    client.connect();
    return client;
  }

  letThrough(count = 1): void {
    for (const submission of this.#held.splice(0, count)) this.#submit(submission);
  }
}

const node = (path: string, bytes = 0) => ({ path, data: Buffer.alloc(bytes), acl: OPEN_ACL, flags: 0 });

test('over globalOutstandingLimit who has requests waiting is not read from, until there is room', () => {
  const held = new HeldServer({ outstandingMax: 3 });
  const [busy, idle] = [held.client(), held.client()];
  held.holds = true;
  for (let xid = 1; xid <= 4; xid++) busy.send(xid, 'create', createRequest, node(`/n${xid}`));
  expect([busy.paused, idle.paused]).toEqual([true, false]);
  idle.send(1, 'getData', pathWatchRequest, { path: '/', watch: false });
  expect([idle.read(), idle.paused]).toEqual([['1 Ok'], false]);
  held.letThrough();
  expect([busy.read(), busy.paused]).toEqual([['1 Ok'], false]);
  held.letThrough(3);
  expect(busy.read()).toEqual(['2 Ok', '3 Ok', '4 Ok']);
});

test('request_throttle_max_requests lets requests wait in front, in order, and tells who waited too long', () => {
  const requestThrottle = { ...NO_REQUEST_THROTTLE, requestsMax: 1, throttledOpWaitMs: 500 };
  const held = new HeldServer({ requestThrottle });
  const [one, two] = [held.client(), held.client()];
  held.holds = true;
  one.send(1, 'create', createRequest, node('/a'));
  two.send(1, 'create', createRequest, node('/b'));
  one.send(2, 'getData', pathWatchRequest, { path: '/b', watch: false });
  expect(held.alone.server.outstanding).toBe(1);
  held.letThrough();
  expect([one.read(), two.read()]).toEqual([['1 Ok'], []]);
  held.time.nowMs += 600;
  held.letThrough();
  expect([one.read(), two.read()]).toEqual([['2 ThrottledOp'], ['1 Ok']]);
  expect(held.alone.server.stats.metrics.counters.throttled_ops.value).toBe(1);
});

test('requests that wait for a connection that is gone are not served', () => {
  const held = new HeldServer({ requestThrottle: { ...NO_REQUEST_THROTTLE, requestsMax: 1 } });
  const [one, two] = [held.client(), held.client()];
  held.holds = true;
  one.send(1, 'create', createRequest, node('/a'));
  two.send(1, 'create', createRequest, node('/b'));
  held.alone.server.closed(two.connection);
  held.letThrough(2);
  expect(held.alone.server.tree.has('/b')).toBe(false);
  const { stale_requests_dropped, request_throttle_wait_count } = held.alone.server.stats.metrics.counters;
  expect([stale_requests_dropped.value, request_throttle_wait_count.value]).toEqual([1, 1]);
});

test('large requests share largeRequestMaxBytes while they wait, and who goes over it is dropped', () => {
  const held = new HeldServer({ largeRequestThreshold: 100, largeRequestBytesMax: 700 });
  const [one, two, three] = [held.client(), held.client(), held.client()];
  held.holds = true;
  one.send(1, 'create', createRequest, node('/a', 500));
  two.send(1, 'create', createRequest, node('/small', 10));
  two.send(2, 'create', createRequest, node('/b', 500));
  expect([one.ended, two.ended]).toEqual([false, true]);
  held.letThrough(2);
  three.send(1, 'create', createRequest, node('/c', 500));
  held.letThrough();
  expect([three.read(), three.ended]).toEqual([['1 Ok'], false]);
  expect(held.alone.server.stats.metrics.counters.large_requests_rejected.value).toBe(1);
});

test('connection_throttle_tokens bound a burst of sessions, and come back with time', () => {
  const connectionThrottle = { ...NO_CONNECTION_THROTTLE, tokens: 2, fillTimeMs: 100 };
  const held = new HeldServer({ connectionThrottle });
  const ended = (): boolean[] => Array.from({ length: 3 }, () => held.client().ended);
  expect(ended()).toEqual([false, false, true]);
  held.time.nowMs += 101;
  expect(ended()).toEqual([false, true, true]);
  expect(held.alone.server.stats.metrics.counters.connection_rejected.value).toBe(3);
});

test('with weights a session that comes back costs less than a new one', () => {
  const weights = { global: 3, renew: 2, local: 1 };
  const connectionThrottle = { ...NO_CONNECTION_THROTTLE, tokens: 2, fillTimeMs: 1_000_000, weights };
  const held = new HeldServer({ connectionThrottle });
  const first = new RawClient(held.alone.server);
  const { sessionId = 0n, password = null } = first.connect() ?? {};
  // Six tokens there were; three are left, one after the next.
  const back = new RawClient(held.alone.server);
  expect(back.connect({ sessionId, password })?.sessionId).toBe(sessionId);
  expect(held.client().ended).toBe(true);
});

test('while tokens are out, chance drops connections, and more of them the longer it lasts', () => {
  let drawn = 0.5;
  const connectionThrottle = {
    ...NO_CONNECTION_THROTTLE,
    tokens: 1,
    fillTimeMs: 1_000_000,
    freezeTimeMs: 10,
    dropIncrease: 0.4,
  };
  const held = new HeldServer({ connectionThrottle, random: () => drawn });
  held.client();
  for (let count = 0; count < 2; count++) {
    held.time.nowMs += 11;
    held.client();
  }
  expect(held.alone.server.connectionDropChance).toBe(0.8);
  held.time.nowMs += 1_000_000;
  expect(held.client().ended).toBe(true);
  drawn = 0.9;
  expect(held.client().ended).toBe(false);
});
