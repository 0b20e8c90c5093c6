import { assert } from './assert.ts';

/** 32 slots a level: as many as an occupancy word has bits. */
const SLOT_BITS = 5;
export const SLOT_MASK: number = (1 << SLOT_BITS) - 1;
/** Seven levels of 5 bits span 2^32 ticks; of the last, four slots are used. */
const LEVELS = 7;
/** How many ticks the levels span. */
export const SPAN = 0x1_0000_0000;
const MAX_DEADLINE_MS = 0x10_0000_0000_0000;

// Lists beside the slots of the levels.

/** Due already when it was set: fires at the next advance. */
export const DUE: number = LEVELS << SLOT_BITS;
/** Taken out of the wheel, about to fire. */
export const FIRING: number = DUE + 1;
/** Beyond the 2^32 ticks that the levels span now. */
export const FAR: number = DUE + 2;
/** In no list: fired, cancelled. */
const IDLE = -1;

const LISTS = DUE + 3;

/** A timer, or the head of a list, as a link of that list: one class, so that the engine sees one shape. */
export class TimerLink {
  next: TimerLink = this;
  previous: TimerLink = this;
  /** The list it is in, or `IDLE`. */
  slot: number = IDLE;
  deadlineMs = 0;
  /** When it fires: the deadline, rounded up to a tick. */
  tick = 0;
  readonly slots: TimerSlots;
  readonly callback: () => void;

  constructor(slots: TimerSlots, callback: () => void) {
    this.slots = slots;
    this.callback = callback;
  }

  get pending(): boolean {
    return this.slot !== IDLE;
  }

  cancel(): boolean {
    if (this.slot === IDLE) return false;
    this.slots.unlink(this);
    return true;
  }

  reset(deadlineMs: number): void {
    if (this.slot !== IDLE) this.slots.unlink(this);
    this.slots.place(this, deadlineMs);
  }
}

/** The present of a timing wheel and its lists of timers. Moving a timer allocates nothing. */
export class TimerSlots {
  /** Bit `s` of word `l` tells whether slot `s` of level `l` holds a timer. */
  readonly occupied: Int32Array = new Int32Array(LEVELS + 1);
  /** No timer of the list fires before this tick; exact until a timer of the list is cancelled. */
  readonly earliest: Float64Array = new Float64Array(LISTS);
  /** How many timers are in a list. */
  size = 0;
  readonly tickMs: number;
  nowMs: number;
  /** The present tick: `nowMs`, rounded down. Every timer in the levels has a later one. */
  tick: number;
  /** A multiple of 2^32. `spanStart ≤ tick < spanStart + 2^32`, and so for every timer in the levels. */
  spanStart: number;
  readonly #heads: TimerLink[];

  constructor(nowMs: number, tickMs: number) {
    this.tickMs = tickMs;
    this.nowMs = nowMs;
    this.tick = Math.floor(nowMs / tickMs);
    this.spanStart = Math.floor(this.tick / SPAN) * SPAN;
    this.#heads = Array.from({ length: LISTS }, () => new TimerLink(this, nothing));
  }

  /** Gives a timer that is in no list its deadline and puts it where that belongs. */
  place(timer: TimerLink, deadlineMs: number): void {
    assert(Math.abs(deadlineMs) < MAX_DEADLINE_MS, () => `deadline ${deadlineMs} of a timer is not within ±2^52 ms`);
    const tick = Math.ceil(deadlineMs / this.tickMs);
    timer.deadlineMs = deadlineMs;
    timer.tick = tick;
    this.link(timer, tick <= this.tick ? DUE : this.slotOf(tick));
  }

  /** The slot for a tick after the present one: at the level of the highest group of bits in which the two differ. */
  slotOf(tick: number): number {
    if (tick - this.spanStart >= SPAN) return FAR;
    const highestBit = 31 - Math.clz32(tick ^ this.tick);
    // Divides a number below 32 by 5.
    const level = (highestBit * 13) >> 6;
    return (level << SLOT_BITS) | ((tick >>> (level * SLOT_BITS)) & SLOT_MASK);
  }

  /** The slot of the timer that fires next, among those in the levels; −1 when these are empty. */
  firstSlot(): number {
    for (let level = 0; level < LEVELS; level++) {
      const bits = this.occupied[level] as number;
      // All slots of a level lie after the present one, in the same block of the level above: the lowest is the next.
      if (bits !== 0) return (level << SLOT_BITS) | (31 - Math.clz32(bits & -bits));
    }
    return -1;
  }

  /** The first tick of a slot of the levels. */
  startOf(slot: number): number {
    const shift = (slot >> SLOT_BITS) * SLOT_BITS;
    // The bits above the level are those of the present tick; the last level has none above.
    const above = shift + SLOT_BITS >= 32 ? 0 : (this.tick >>> (shift + SLOT_BITS)) << (shift + SLOT_BITS);
    return this.spanStart + ((above | ((slot & SLOT_MASK) << shift)) >>> 0);
  }

  /** The head of a list, which its timers lead back to. */
  head(slot: number): TimerLink {
    return this.#heads[slot] as TimerLink;
  }

  isEmpty(slot: number): boolean {
    return ((this.occupied[slot >> SLOT_BITS] as number) & (1 << slot)) === 0;
  }

  /** Adds a timer that is in no list to the end of one. */
  link(timer: TimerLink, slot: number): void {
    const head = this.#heads[slot] as TimerLink;
    const last = head.previous;
    timer.slot = slot;
    timer.previous = last;
    timer.next = head;
    last.next = timer;
    head.previous = timer;
    this.size++;
    const word = slot >> SLOT_BITS;
    const bit = 1 << slot;
    const bits = this.occupied[word] as number;
    if ((bits & bit) === 0) {
      this.occupied[word] = bits | bit;
      this.earliest[slot] = timer.tick;
    } else if (timer.tick < (this.earliest[slot] as number)) {
      this.earliest[slot] = timer.tick;
    }
  }

  /** Takes a timer out of its list. */
  unlink(timer: TimerLink): void {
    const { previous, next, slot } = timer;
    previous.next = next;
    next.previous = previous;
    timer.next = timer;
    timer.previous = timer;
    timer.slot = IDLE;
    this.size--;
    // Both neighbours are the head.
    if (previous === next)
      this.occupied[slot >> SLOT_BITS] = (this.occupied[slot >> SLOT_BITS] as number) & ~(1 << slot);
  }
}

function nothing(): void {}
