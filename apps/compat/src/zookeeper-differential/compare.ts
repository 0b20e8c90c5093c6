import { Prng } from '@biquorum/std';
import { drawSteps } from './draw-steps.ts';
import type { Player } from './player.ts';
import { shrinkSteps } from './shrink-steps.ts';
import type { Step } from './steps.ts';

/** The servers under comparison. */
export interface Players {
  readonly ours: Player;
  readonly apache: Player;
}

/** What came of a sequence: Apache's server is a threaded one, and what happens once and never again is luck. */
export type Comparison = 'equal' | 'luck';

/** So often in a row a sequence must tell the servers apart. */
const TIMES = 3;

/** Plays the sequence of a seed to both servers. @throws Error with the shortest sequence that tells them apart */
export async function compareSeed(players: Players, seed: number): Promise<Comparison> {
  const steps = drawSteps(new Prng(seed));
  if ((await differenceOf(players, steps)) === null) return 'equal';
  const differs = async (some: readonly Step[]): Promise<boolean> => {
    for (let times = 0; times < TIMES; times++) if ((await differenceOf(players, some)) === null) return false;
    return true;
  };
  if (!(await differs(steps))) return 'luck';
  const shortest = await shrinkSteps(steps, differs);
  const difference = (await differenceOf(players, shortest)) ?? 'it did not come again';
  const told = shortest.map((step) => JSON.stringify(step)).join('\n');
  throw new Error(`sequence ${seed} tells the servers apart; so does\n${told}\n${difference}`);
}

/** The first line in which two servers differ, with those before it; null when there is none. */
export async function differenceOf({ ours, apache }: Players, steps: readonly Step[]): Promise<string | null> {
  const [own, other] = await Promise.all([ours.play(steps), apache.play(steps)]);
  for (let at = 0; at < Math.max(own.length, other.length); at++) {
    if (own[at] === other[at]) continue;
    const before = own.slice(Math.max(0, at - 12), at).map((line) => `  ${line}`);
    return [...before, `ours:   ${own[at] ?? 'nothing'}`, `Apache: ${other[at] ?? 'nothing'}`].join('\n');
  }
  return null;
}
