import type { TrafficTimes } from '../client/traffic.ts';
import type { Metered } from '../measure/meter.ts';
import { longestStandstill } from '../measure/standstill.ts';
import { Missing, type Succession } from '../sides/side.ts';
import type { Figures, Row } from './scenario.ts';

/** A partition that got on within so much is not counted as one that stood still: a busy machine does that, too. */
const STANDSTILL_MS = 300;
const KIB = 1024;

/** Rows about what producers and consumers saw. */
export const trafficRows: readonly Row[] = [
  { id: 'producers-hit', title: `partitions that stood still for producers (over ${STANDSTILL_MS} ms)`, unit: '' },
  { id: 'producers', title: '– how long, each of them', unit: 'ms' },
  { id: 'consumers-hit', title: `partitions that stood still for consumers (over ${STANDSTILL_MS} ms)`, unit: '' },
  { id: 'consumers', title: '– how long, each of them', unit: 'ms' },
  { id: 'lost', title: 'acknowledged records that were lost', unit: '' },
];

/** What producers and consumers saw between two moments of this process. */
export function trafficFigures({ produced, consumed }: TrafficTimes, fromMs: number, untilMs: number): Figures {
  const stood = (all: readonly (readonly number[])[]): readonly number[] =>
    all.map((times) => longestStandstill(times, fromMs, untilMs)).filter((ms) => ms > STANDSTILL_MS);
  const [producers, consumers] = [stood(produced), stood(consumed)];
  return {
    'producers-hit': producers.length,
    producers: producers.length === 0 ? NONE : producers,
    'consumers-hit': consumers.length,
    consumers: consumers.length === 0 ? NONE : consumers,
  };
}

const NONE: Missing = new Missing('no partition stood still');

/** Rows about what it cost the cluster. */
export const workRows: readonly Row[] = [
  { id: 'window', title: 'from the event until all is well', unit: 's' },
  { id: 'messages', title: '– messages about metadata between nodes', unit: '' },
  { id: 'bytes', title: '– their bytes', unit: 'KiB' },
  { id: 'syncs', title: '– syncs of metadata', unit: '' },
  { id: 'processor', title: '– processor time of all nodes', unit: 'ms' },
  { id: 'memory', title: 'resident memory of all nodes, at the end', unit: 'MiB' },
];

/** What it cost the cluster between two readings. */
export function workFigures(metered: Metered): Figures {
  const { elapsedMs, messages, bytes, syncs, processorMs, residentMiB } = metered;
  return {
    window: elapsedMs / 1000,
    messages,
    bytes: bytes instanceof Missing ? bytes : bytes / KIB,
    syncs,
    processor: processorMs,
    memory: residentMiB,
  };
}

/** Rows about how one controller followed another. */
export const successionRows: readonly Row[] = [
  { id: 'detection', title: 'detection: its session is over, or a voter stands for election', unit: 'ms' },
  { id: 'election', title: 'election: from then until another is elected', unit: 'ms' },
  { id: 'load', title: 'load: from then until it knows everything', unit: 'ms' },
  { id: 'publish', title: 'publish: from then until every broker shows its first topic', unit: 'ms' },
  { id: 'usable', title: 'all in all: a topic can be made again', unit: 'ms' },
  { id: 'epochs', title: 'epochs of controllers gone through', unit: '' },
];

/** @param shownAt when every broker showed the first topic, by the wall clock */
export function successionFigures({ detection, election, load, readyAt }: Succession, shownAt: number): Figures {
  return {
    detection,
    election,
    load,
    publish: readyAt instanceof Missing ? readyAt : Math.max(0, shownAt - readyAt),
  };
}
