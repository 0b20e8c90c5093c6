/** Whether somebody wants this process to end, for as long as it is of interest. */
export interface Interruption extends Disposable {
  /** Resolves when SIGINT or SIGTERM comes. */
  readonly asked: Promise<void>;
}

/** Takes SIGINT and SIGTERM as requests to end in order, until it is disposed of. */
export function interruption(): Interruption {
  const { promise, resolve } = Promise.withResolvers<void>();
  const ask = (): void => resolve();
  process.on('SIGINT', ask);
  process.on('SIGTERM', ask);
  return {
    asked: promise,
    [Symbol.dispose]() {
      process.off('SIGINT', ask);
      process.off('SIGTERM', ask);
    },
  };
}
