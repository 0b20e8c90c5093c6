import {
  HEARTBEAT_RECORD,
  LIMITS,
  type LiveArrival,
  type LiveEvent,
  type LiveEventKind,
  type LiveMode,
  type LiveRecord,
} from './protocol.ts';
import { Ring } from './ring.ts';

/** What happened, before it has a number and a time. */
export interface Happening {
  readonly mode: LiveMode;
  readonly kind: LiveEventKind;
  readonly node: number | null;
  readonly title: string;
  readonly detail: string;
  /** Of messages: to whom. */
  readonly to?: number;
}

/** A message that is under way is looked for when it arrives; only so many. */
const UNDER_WAY_MAX = 512;
/** What is said again within this time is told once: calls to a node that is gone. */
const AGAIN_MS = 10_000;
const AGAIN_MAX = 512;
/** Of which saying the same again tells nothing new. */
const REPEATED: ReadonlySet<LiveEventKind> = new Set(['message', 'trouble']);

/** What has happened in both clusters, on one clock: as much as is kept, and what the pages have not been told. */
export class Journal {
  readonly #nowMs: () => number;
  readonly #events: Ring<LiveEvent> = new Ring(LIMITS.events);
  readonly #records: Ring<LiveRecord> = new Ring(LIMITS.records);
  /** Number of the newest by sender, receiver and all that it says; the one longest under way comes first. */
  readonly #underWay: Map<string, number> = new Map();
  /** When something was told last, by all that it says. */
  readonly #toldMs: Map<string, number> = new Map();
  #freshEvents: LiveEvent[] = [];
  #freshArrivals: LiveArrival[] = [];
  #freshRecords: LiveRecord[] = [];
  #number = 0;
  #recordsEnd = 0;

  /** @param nowMs the one clock */
  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  get events(): readonly LiveEvent[] {
    return this.#events.items;
  }

  get records(): readonly LiveRecord[] {
    return this.#records.items;
  }

  /** Something happened. */
  tell({ title, detail, ...happening }: Happening): void {
    if (REPEATED.has(happening.kind) && this.#isAgain(happening, title, detail)) return;
    const event: LiveEvent = {
      number: ++this.#number,
      atMs: this.#nowMs(),
      ...happening,
      title: short(title),
      detail: short(detail),
      ...(happening.kind === 'message' ? { arrivedMs: null } : {}),
    };
    if (event.kind === 'message' && event.node !== null && event.to !== undefined) {
      this.#sent(againKey(event), event.number);
    }
    this.#events.add(event);
    this.#freshEvents = bounded(this.#freshEvents, event, LIMITS.events);
  }

  /**
   * A message that says this has arrived: the newest of those under way between these two, for one like it that was sent
   * before and has not arrived by now was lost.
   */
  arrived(mode: LiveMode, from: number, to: number, title: string, detail: string): void {
    const key = againKey({ mode, kind: 'message', node: from, to, title: short(title), detail: short(detail) });
    // The next one like it is another.
    this.#toldMs.delete(key);
    const number = this.#underWay.get(key);
    if (number === undefined) return;
    this.#underWay.delete(key);
    const arrivedMs = this.#nowMs();
    this.#freshArrivals = bounded(this.#freshArrivals, { number, arrivedMs }, LIMITS.events);
    this.#arrive(this.#events.items, number, arrivedMs);
    this.#arrive(this.#freshEvents, number, arrivedMs);
  }

  /** A record of the metadata log is committed. Every node tells of each; the first counts. */
  committed(record: Omit<LiveRecord, 'committedMs'>): void {
    if (record.offset < this.#recordsEnd) return;
    this.#recordsEnd = record.offset + 1;
    const { offset, type, content } = record;
    if (type !== HEARTBEAT_RECORD) {
      this.tell({ mode: 'kraft', kind: 'metadata', node: null, title: `${offset} ${type}`, detail: content });
    }
    const whole = { ...record, content: short(record.content), committedMs: this.#nowMs() };
    this.#records.add(whole);
    this.#freshRecords = bounded(this.#freshRecords, whole, LIMITS.records);
  }

  /** What the pages have not been told yet; they are now. */
  take(): {
    readonly events: readonly LiveEvent[];
    readonly arrivals: readonly LiveArrival[];
    readonly records: readonly LiveRecord[];
  } {
    const fresh = { events: this.#freshEvents, arrivals: this.#freshArrivals, records: this.#freshRecords };
    this.#freshEvents = [];
    this.#freshArrivals = [];
    this.#freshRecords = [];
    return fresh;
  }

  #isAgain({ mode, kind, node, to }: Omit<Happening, 'title' | 'detail'>, title: string, detail: string): boolean {
    const key = againKey({
      mode,
      kind,
      node,
      title: short(title),
      detail: short(detail),
      ...(to === undefined ? {} : { to }),
    });
    const nowMs = this.#nowMs();
    const lastMs = this.#toldMs.get(key);
    if (lastMs !== undefined && nowMs - lastMs < AGAIN_MS) return true;
    if (this.#toldMs.size >= AGAIN_MAX) this.#toldMs.clear();
    this.#toldMs.set(key, nowMs);
    return false;
  }

  #sent(key: string, number: number): void {
    this.#underWay.delete(key);
    this.#underWay.set(key, number);
    if (this.#underWay.size <= UNDER_WAY_MAX) return;
    // What never arrived gives way: it was lost.
    const [oldest] = this.#underWay.keys();
    if (oldest !== undefined) this.#underWay.delete(oldest);
  }

  #arrive(events: readonly LiveEvent[], number: number, arrivedMs: number): void {
    const found = events.findLast((event) => event.number === number);
    if (found !== undefined) (found as { arrivedMs?: number | null }).arrivedMs = arrivedMs;
  }
}

/** A warning's detail varies with how a call failed. */
function againKey({ mode, kind, node, to, title, detail }: Happening): string {
  return `${mode} ${node} ${to ?? ''} ${title} ${kind === 'message' ? detail : ''}`;
}

/** The same list with one more, without its oldest where there is no room. */
function bounded<T>(list: T[], item: T, max: number): T[] {
  list.push(item);
  return list.length > max ? list.slice(-max) : list;
}

function short(text: string): string {
  return text.length > LIMITS.textLength ? `${text.slice(0, LIMITS.textLength)}…` : text;
}
