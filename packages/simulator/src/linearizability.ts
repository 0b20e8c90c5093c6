import type { Operation } from './history.ts';

/** What an object does when it is used by one client at a time. */
export interface Model<State, Input, Output> {
  readonly initial: State;
  /**
   * The state after the operation, or null when the operation cannot have this output in this state. An output of null
   * stands for any: no answer came.
   */
  step(state: State, input: Input, output: Output | null): { readonly state: State } | null;
  /** The same text for equal states and only for these. */
  name(state: State): string;
}

/** What a check found. */
export type Verdict<Input, Output> =
  | { readonly kind: 'linearizable' }
  /** No order explains the answers. `stuck` is the longest explained prefix's first operation that nothing explains. */
  | { readonly kind: 'violation'; readonly stuck: Operation<Input, Output>; readonly explained: number }
  /** The search was given up. */
  | { readonly kind: 'undecided' };

/**
 * Whether some order of the operations, each between its call and its answer, is one that the model allows.
 *
 * The search of Wing and Gong ("Testing and Verifying Concurrent Objects", 1993), with Lowe's cache of what was tried
 * ("Testing for linearizability", 2017): a set of operations done and the state they led to are looked at once.
 *
 * @param stepsMax Steps of the model after which the search is given up. By default a million.
 */
export function checkLinearizability<State, Input, Output>(
  operations: readonly Operation<Input, Output>[],
  model: Model<State, Input, Output>,
  stepsMax: number = 1_000_000,
): Verdict<Input, Output> {
  const head = eventList(operations);
  const answered = operations.filter(({ end }) => end < Number.POSITIVE_INFINITY).length;
  const done = new Uint32Array(Math.ceil(operations.length / 32));
  const seen = new Set<string>();
  const path: { readonly event: Event<Input, Output>; readonly before: State }[] = [];
  let state = model.initial;
  let left = answered;
  let steps = 0;
  let explained = 0;
  let stuck: Operation<Input, Output> | null = null;
  let at = head.next;
  while (left > 0) {
    // A call may be tried; an answer means that its operation must have been done by now.
    if (at !== null && at.answer !== null) {
      if (++steps > stepsMax) return { kind: 'undecided' };
      const next = model.step(state, at.operation.input, at.operation.output);
      if (next !== null) {
        mark(done, at.id);
        const name = `${done.join()}|${model.name(next.state)}`;
        if (!seen.has(name)) {
          seen.add(name);
          path.push({ event: at, before: state });
          state = next.state;
          lift(at);
          if (at.operation.end < Number.POSITIVE_INFINITY) left--;
          at = head.next;
          continue;
        }
        unmark(done, at.id);
      }
      at = at.next;
      continue;
    }
    if (path.length >= explained && at !== null) {
      explained = path.length;
      stuck = at.operation;
    }
    const last = path.pop();
    if (last === undefined) {
      return { kind: 'violation', stuck: stuck ?? (operations[0] as Operation<Input, Output>), explained };
    }
    state = last.before;
    unmark(done, last.event.id);
    unlift(last.event);
    if (last.event.operation.end < Number.POSITIVE_INFINITY) left++;
    at = last.event.next;
  }
  return { kind: 'linearizable' };
}

/**
 * Checks each part of the history by itself: sound for objects that do not influence each other, such as the keys of a
 * store (Herlihy and Wing 1990, locality), and far faster.
 *
 * @param keyOf Which object an operation is about.
 */
export function checkByKey<State, Input, Output, Key>(
  operations: readonly Operation<Input, Output>[],
  model: Model<State, Input, Output>,
  keyOf: (input: Input) => Key,
  stepsMax?: number,
): Verdict<Input, Output> {
  let undecided = false;
  for (const part of Map.groupBy(operations, ({ input }) => keyOf(input)).values()) {
    const verdict = checkLinearizability(part, model, stepsMax);
    if (verdict.kind === 'violation') return verdict;
    undecided ||= verdict.kind === 'undecided';
  }
  return undecided ? { kind: 'undecided' } : { kind: 'linearizable' };
}

/** A call or an answer in a doubly linked list in the order of time. */
interface Event<Input, Output> {
  readonly id: number;
  readonly operation: Operation<Input, Output>;
  /** Of a call, its answer; null when this is one. */
  answer: Event<Input, Output> | null;
  previous: Event<Input, Output> | null;
  next: Event<Input, Output> | null;
}

function eventList<Input, Output>(
  operations: readonly Operation<Input, Output>[],
): { next: Event<Input, Output> | null } {
  const timed: { readonly at: number; readonly event: Event<Input, Output> }[] = [];
  operations.forEach((operation, id) => {
    const answer: Event<Input, Output> = { id, operation, answer: null, previous: null, next: null };
    const call: Event<Input, Output> = { id, operation, answer, previous: null, next: null };
    timed.push({ at: operation.call, event: call }, { at: operation.end, event: answer });
  });
  // Answers that never come stand at the end, after the last that did.
  timed.sort((a, b) => (a.at === b.at ? 0 : a.at < b.at ? -1 : 1));
  const head: Event<Input, Output> = { id: -1, operation: {} as never, answer: null, previous: null, next: null };
  let last = head;
  for (const { event } of timed) {
    last.next = event;
    event.previous = last;
    last = event;
  }
  return head;
}

/** Takes a call and its answer out. */
function lift<Input, Output>(call: Event<Input, Output>): void {
  for (const event of [call, call.answer as Event<Input, Output>]) {
    if (event.previous !== null) event.previous.next = event.next;
    if (event.next !== null) event.next.previous = event.previous;
  }
}

/** Puts them back; in the opposite order of taking out. */
function unlift<Input, Output>(call: Event<Input, Output>): void {
  for (const event of [call.answer as Event<Input, Output>, call]) {
    if (event.previous !== null) event.previous.next = event;
    if (event.next !== null) event.next.previous = event;
  }
}

function mark(set: Uint32Array, id: number): void {
  set[id >>> 5] = (set[id >>> 5] as number) | (1 << (id & 31));
}

function unmark(set: Uint32Array, id: number): void {
  set[id >>> 5] = (set[id >>> 5] as number) & ~(1 << (id & 31));
}
