/** What shells take for the end by SIGINT. */
const INTERRUPTED = 130;
/** Signals that come so soon after each other are one. */
const SAME_REQUEST_MS = 1_000;

/** Whether somebody wants this process to end, for as long as it is of interest. */
export interface Interruption extends Disposable {
  /** Resolves when SIGINT or SIGTERM comes. */
  readonly asked: Promise<void>;
}

/** Takes SIGINT and SIGTERM as requests to end in order, until it is disposed of. */
export function interruption(): Interruption {
  const { promise, resolve } = Promise.withResolvers<void>();
  let askedMs: number | undefined;
  const ask = (): void => {
    const nowMs = performance.now();
    // Whoever asks again does not want to wait for the farewell; package managers pass on what the terminal has sent already.
    if (askedMs !== undefined && nowMs - askedMs > SAME_REQUEST_MS) process.exit(INTERRUPTED);
    askedMs ??= nowMs;
    resolve();
  };
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
