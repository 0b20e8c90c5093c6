/**
 * Makes a call that proposes `count` entries with at most `outstanding` under way.
 *
 * @param propose Resolves once the entry is committed.
 */
export function closedLoop(propose: () => Promise<unknown>, outstanding: number, count: number): () => Promise<void> {
  return () =>
    new Promise((resolve, reject) => {
      let started = 0;
      let ended = 0;
      const next = (): void => {
        if (started >= count) return;
        started++;
        propose().then(() => {
          ended++;
          if (ended === count) resolve();
          else next();
        }, reject);
      };
      for (let slot = 0; slot < outstanding; slot++) next();
    });
}
