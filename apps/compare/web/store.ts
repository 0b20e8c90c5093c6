import { useEffect, useState } from 'preact/hooks';
import {
  LIMITS,
  type LiveCommand,
  type LiveEvent,
  type LiveHello,
  type LiveOutcome,
  type LiveRecord,
  type LiveSample,
  type LiveState,
  type LiveTick,
  type LiveZnode,
} from '../src/live/protocol.ts';

/** All that the page knows. */
export interface Known {
  readonly connected: boolean;
  readonly hello: LiveHello | null;
  readonly state: LiveState | null;
  readonly samples: readonly LiveSample[];
  readonly events: readonly LiveEvent[];
  readonly records: readonly LiveRecord[];
  readonly znodes: readonly LiveZnode[];
  readonly znodesMore: number;
  readonly nowMs: number;
}

let known: Known = {
  connected: false,
  hello: null,
  state: null,
  samples: [],
  events: [],
  records: [],
  znodes: [],
  znodesMore: 0,
  nowMs: 0,
};
const listeners: Set<() => void> = new Set();
let isDue = false;

/** Begins to listen to the server; after a break it is listened to again, and everything told anew. */
export function listen(): void {
  const source = new EventSource('/live');
  source.addEventListener('hello', ({ data }) => {
    const hello = JSON.parse(String(data)) as LiveHello;
    const { state, samples, events, records, znodes, znodesMore, nowMs } = hello;
    change({ connected: true, hello, state, samples, events, records, znodes, znodesMore, nowMs });
  });
  source.addEventListener('tick', ({ data }) => change(after(known, JSON.parse(String(data)) as LiveTick)));
  source.addEventListener('error', () => change({ ...known, connected: false }));
}

/** What the page knows, whenever it changes, at most once a frame. */
export function useKnown(): Known {
  const [, redraw] = useState(0);
  useEffect(() => {
    const listener = (): void => redraw((count) => count + 1);
    listeners.add(listener);
    return () => void listeners.delete(listener);
  }, []);
  return known;
}

/** Asks for something to be done. @throws Error with the server's words, or when it cannot be reached */
export async function ask(command: LiveCommand): Promise<LiveOutcome> {
  const response = await fetch('/commands', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(command),
  });
  if (!response.ok) throw new Error(await response.text());
  return (await response.json()) as LiveOutcome;
}

function after(before: Known, tick: LiveTick): Known {
  const arrived = new Map(tick.arrivals?.map(({ number, arrivedMs }) => [number, arrivedMs]));
  const events =
    arrived.size === 0
      ? before.events
      : before.events.map((event) => {
          const arrivedMs = arrived.get(event.number);
          return arrivedMs === undefined ? event : { ...event, arrivedMs };
        });
  return {
    ...before,
    connected: true,
    nowMs: tick.nowMs,
    state: tick.state ?? before.state,
    samples: tick.sample === undefined ? before.samples : [...before.samples, tick.sample].slice(-LIMITS.samples),
    events: tick.events === undefined ? events : [...events, ...tick.events].slice(-LIMITS.events),
    records: tick.records === undefined ? before.records : [...before.records, ...tick.records].slice(-LIMITS.records),
    znodes: tick.znodes ?? before.znodes,
    znodesMore: tick.znodesMore ?? before.znodesMore,
  };
}

function change(next: Known): void {
  known = next;
  if (isDue) return;
  isDue = true;
  requestAnimationFrame(() => {
    isDue = false;
    for (const listener of listeners) listener();
  });
}
