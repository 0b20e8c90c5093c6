import { assert } from './assert.ts';
import { DUE, FAR, FIRING, SLOT_MASK, SPAN, TimerLink, TimerSlots } from './timer-slots.ts';

/** Where a {@link TimingWheel} starts and how finely it counts. */
export interface TimingWheelOptions {
  /** The time at which the wheel starts, on the clock that drives it. */
  readonly nowMs: number;
  /** The length of a tick, a whole number of milliseconds; 1 by default. */
  readonly tickMs?: number;
}

/** A timer of a {@link TimingWheel}. Once fired or cancelled it can be set again, which allocates nothing. */
export interface Timer {
  /** When it is to fire, or was. */
  readonly deadlineMs: number;
  /** Whether it is still to fire. */
  readonly pending: boolean;
  /** Keeps it from firing. @returns False when it was not pending. */
  cancel(): boolean;
  /** Sets it, pending or not, to another deadline, behind those that were set to the same deadline before. */
  reset(deadlineMs: number): void;
}

/**
 * Timers in great number, driven from outside: whoever owns the clock calls {@link TimingWheel.advance} with the
 * time, at the latest at {@link TimingWheel.nextDeadline}. Setting, resetting and cancelling take O(1).
 *
 * A timer fires at the first advance to or beyond its deadline, rounded up to a tick: never early. Timers fire in
 * order of their deadlines, those with the same deadline in the order in which they were set. Deadlines are absolute,
 * so a wheel that was not advanced for a while does not make new timers fire early.
 *
 * A hierarchical timing wheel (Varghese and Lauck, "Hashed and Hierarchical Timing Wheels", 1987): a timer lies in
 * the level of the highest bit group in which its tick differs from the present one. Hence every timer of a level
 * fires before any timer of the level above, and occupancy bits lead to the next one without a walk over the ticks.
 */
export class TimingWheel {
  readonly #slots: TimerSlots;
  #advancing = false;
  /** Whether the timers about to fire are out of order, which only happens within a tick. */
  #disordered = false;

  constructor(options: TimingWheelOptions) {
    const { nowMs, tickMs = 1 } = options;
    assert(Number.isFinite(nowMs), () => `time ${nowMs} of a timing wheel is not finite`);
    assert(Number.isSafeInteger(tickMs) && tickMs >= 1, () => `tick of ${tickMs} ms is not a whole number from 1`);
    this.#slots = new TimerSlots(nowMs, tickMs);
  }

  /** How many timers are pending. */
  get size(): number {
    return this.#slots.size;
  }

  /** The time of the last advance. */
  get nowMs(): number {
    return this.#slots.nowMs;
  }

  /**
   * Has `callback` called when the time comes. A deadline that has passed fires at the next advance, never from
   * within this call and never in an advance that is under way.
   */
  set(deadlineMs: number, callback: () => void): Timer {
    const timer = new TimerLink(this.#slots, callback);
    this.#slots.place(timer, deadlineMs);
    return timer;
  }

  /**
   * Moves the time on and fires what is due: what was pending at the call and is not cancelled by an earlier callback.
   * Should a callback throw, the others stay due and fire at the next advance.
   *
   * @param nowMs The time, not before that of the last advance.
   * @returns How many timers fired.
   */
  advance(nowMs: number): number {
    assert(
      nowMs >= this.#slots.nowMs,
      () => `time goes back from ${this.#slots.nowMs} to ${nowMs} ms; drive the wheel by a monotonic clock`,
    );
    assert(!this.#advancing, 'a timer callback advances the wheel that called it; let it set a timer instead');
    const slots = this.#slots;
    slots.nowMs = nowMs;
    if (!slots.isEmpty(DUE)) this.#moveToFiring(DUE);
    this.#turnTo(Math.floor(nowMs / slots.tickMs));
    if (slots.isEmpty(FIRING)) return 0;
    if (this.#disordered) this.#sortFiring();
    return this.#fire();
  }

  /**
   * The time at which the wheel is to be advanced next, undefined when no timer is pending. No timer fires before it.
   * After a cancellation it may be earlier than the deadline that is now the next: then that advance fires nothing.
   */
  nextDeadline(): number | undefined {
    const slots = this.#slots;
    if (slots.size === 0) return undefined;
    if (!slots.isEmpty(DUE) || !slots.isEmpty(FIRING)) return slots.nowMs;
    const slot = slots.firstSlot();
    return (slots.earliest[slot === -1 ? FAR : slot] as number) * slots.tickMs;
  }

  /** Makes `target` the present tick: what is due by then goes to `FIRING`, what comes closer to a lower level. */
  #turnTo(target: number): void {
    const slots = this.#slots;
    while (slots.size > 0) {
      const slot = slots.firstSlot();
      if (slot === -1) {
        if (slots.isEmpty(FAR) || !this.#nextSpan(target)) break;
        continue;
      }
      const start = slots.startOf(slot);
      if (start > target) break;
      slots.tick = start;
      if (slot <= SLOT_MASK) this.#moveToFiring(slot);
      else this.#spread(slot);
    }
    slots.tick = target;
    slots.spanStart = Math.floor(target / SPAN) * SPAN;
  }

  /** Goes on to the span of the earliest far timer, when that is reached by `target`, and spreads the far timers. */
  #nextSpan(target: number): boolean {
    const start = Math.floor((this.#slots.earliest[FAR] as number) / SPAN) * SPAN;
    if (start > target) return false;
    this.#slots.tick = start;
    this.#slots.spanStart = start;
    this.#spread(FAR);
    return true;
  }

  /** Moves each timer of a list to where it belongs at the present tick, in order. */
  #spread(slot: number): void {
    const slots = this.#slots;
    const head = slots.head(slot);
    // A far timer may belong there again: stop at what was the last.
    const last = head.previous;
    slots.earliest[slot] = Number.POSITIVE_INFINITY;
    for (let timer = head.next, done = false; !done; ) {
      const next = timer.next;
      done = timer === last;
      slots.unlink(timer);
      if (timer.tick <= slots.tick) this.#toFiring(timer);
      else slots.link(timer, slots.slotOf(timer.tick));
      timer = next;
    }
  }

  #moveToFiring(slot: number): void {
    const slots = this.#slots;
    const head = slots.head(slot);
    while (head.next !== head) {
      const timer = head.next;
      slots.unlink(timer);
      this.#toFiring(timer);
    }
  }

  #toFiring(timer: TimerLink): void {
    const slots = this.#slots;
    if (!slots.isEmpty(FIRING) && timer.deadlineMs < slots.head(FIRING).previous.deadlineMs) this.#disordered = true;
    slots.link(timer, FIRING);
  }

  #sortFiring(): void {
    const slots = this.#slots;
    const head = slots.head(FIRING);
    const timers: TimerLink[] = [];
    while (head.next !== head) {
      timers.push(head.next);
      slots.unlink(head.next);
    }
    timers.sort((a, b) => a.deadlineMs - b.deadlineMs);
    for (const timer of timers) slots.link(timer, FIRING);
    this.#disordered = false;
  }

  #fire(): number {
    const slots = this.#slots;
    const head = slots.head(FIRING);
    let fired = 0;
    this.#advancing = true;
    try {
      while (head.next !== head) {
        const timer = head.next;
        slots.unlink(timer);
        fired++;
        timer.callback();
      }
    } finally {
      this.#advancing = false;
    }
    return fired;
  }
}
