import type { Ask, Step } from './steps.ts';

/**
 * The shortest sequence that still fails, as far as leaving out steps, then requests, then parts of multis can find it.
 * Source: Zeller, Hildebrandt, Simplifying and Isolating Failure-Inducing Input, 2002.
 */
export async function shrinkSteps(
  steps: readonly Step[],
  fails: (steps: readonly Step[]) => Promise<boolean>,
): Promise<readonly Step[]> {
  const fewer = await shrinkList(steps, fails);
  let smallest = fewer;
  for (const [at, step] of fewer.entries()) {
    if (step.kind !== 'ask') continue;
    const withAsks = (asks: readonly Ask[]): readonly Step[] => smallest.with(at, { ...step, asks });
    let asks = await shrinkList(step.asks, (some) => fails(withAsks(some)));
    smallest = withAsks(asks);
    for (const [place, ask] of asks.entries()) {
      if (ask.op !== 'multi' && ask.op !== 'multiRead') continue;
      const withParts = (parts: typeof ask.parts): readonly Ask[] => asks.with(place, { ...ask, parts });
      asks = withParts(await shrinkList(ask.parts, (some) => fails(withAsks(withParts(some)))));
      smallest = withAsks(asks);
    }
  }
  return smallest;
}

async function shrinkList<Item>(
  items: readonly Item[],
  fails: (items: readonly Item[]) => Promise<boolean>,
): Promise<readonly Item[]> {
  let smallest = items;
  for (let size = Math.ceil(items.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let from = 0; from < smallest.length; ) {
      const fewer = smallest.toSpliced(from, size);
      if (await fails(fewer)) smallest = fewer;
      else from += size;
    }
  }
  return smallest;
}
