/**
 * Binary search over anything that has positions: arrays, columns, index files.
 *
 * @param length How many positions there are.
 * @param isBefore Whether the element at a position lies before the wanted place; true for a prefix, false after it.
 * @returns The first position for which `isBefore` is false, or `length` when there is none.
 */
export function lowerBound(length: number, isBefore: (index: number) => boolean): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = low + Math.floor((high - low) / 2);
    if (isBefore(middle)) low = middle + 1;
    else high = middle;
  }
  return low;
}
