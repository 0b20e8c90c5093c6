import { assert } from '@biquorum/std';
import type { NodeId } from './contract.ts';

/** How many of `voters` make a majority. */
export function majorityOf(voters: number): number {
  return Math.floor(voters / 2) + 1;
}

/** Whether `members` holds more than half of `voters`. */
export function hasMajority(voters: readonly NodeId[], members: ReadonlySet<NodeId>): boolean {
  let count = 0;
  for (const voter of voters) if (members.has(voter)) count++;
  return count >= majorityOf(voters.length);
}

/** Which way an election is going to end. */
export type Tally = 'won' | 'lost' | 'open';

/** Counts votes: won by a majority of yes, lost once the remaining voters cannot make one. */
export function tally(voters: readonly NodeId[], granted: ReadonlySet<NodeId>, refused: ReadonlySet<NodeId>): Tally {
  let yes = 0;
  let no = 0;
  for (const voter of voters) {
    if (granted.has(voter)) yes++;
    else if (refused.has(voter)) no++;
  }
  const needed = majorityOf(voters.length);
  if (yes >= needed) return 'won';
  return voters.length - no < needed ? 'lost' : 'open';
}

/**
 * The largest value that a majority has reached: with the values in descending order, the one at ⌊n/2⌋. Log ends give
 * the high watermark, times of last contact give how long ago a majority was heard from.
 *
 * @param values One per voter, at least one. Sorted in place.
 */
export function majorityValue(values: number[]): number {
  assert(values.length > 0, 'no voters: a majority of nobody has reached nothing');
  // Insertion sort: voter sets are small and this is on the path of every acknowledgement.
  for (let right = 1; right < values.length; right++) {
    const value = values[right] as number;
    let hole = right;
    for (; hole > 0 && (values[hole - 1] as number) < value; hole--) values[hole] = values[hole - 1] as number;
    values[hole] = value;
  }
  return values[values.length >> 1] as number;
}
