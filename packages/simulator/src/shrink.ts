/** What shrinking looks at in the result of a run. */
export interface FamilyResult<Name extends string> {
  readonly families: ReadonlySet<Name>;
  /** Null when all held. */
  readonly violation: Error | null;
}

/**
 * A smallest set of families with which a seed still fails: none of it can be left out. Families are left out one after
 * the other, again from the start as long as any could be, since what must stay may change with what is gone.
 *
 * @param run Runs the seed with a set of families.
 * @param failed A result with a violation.
 * @returns What happens with the smallest set; `failed` itself when nothing can be left out.
 */
export async function shrinkFamilies<Name extends string, Result extends FamilyResult<Name>>(
  run: (families: ReadonlySet<Name>) => Promise<Result>,
  failed: Result & FamilyResult<Name>,
): Promise<Result> {
  let smallest: Result = failed;
  let size: number;
  do {
    size = smallest.families.size;
    for (const family of smallest.families) {
      const fewer = new Set(smallest.families);
      fewer.delete(family);
      const result = await run(fewer);
      if (result.violation !== null) smallest = result;
    }
  } while (smallest.families.size < size);
  return smallest;
}
