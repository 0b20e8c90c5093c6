/** How often it is looked whether the process that started this one is still there. */
const LOOK_EVERY_MS = 500;
/** Signals within this time are one: a terminal tells the whole group, and a package manager passes on what it hears. */
const SAME_REQUEST_MS = 1_000;
/** As a shell has it for a process that SIGINT ended. */
const INTERRUPTED = 130;

/** Whether somebody wants this process to end, for as long as it is of interest. */
export interface Interruption extends Disposable {
  /** Resolves when the process is asked. */
  readonly asked: Promise<void>;
}

/**
 * Takes SIGINT and SIGTERM as requests to end in order, until it is disposed of. Whoever asks again, because the end
 * takes too long, ends the process at once; temporary directories are removed all the same.
 *
 * @param withParent Also takes it for a request that the process's parent is gone.
 */
export function interruption({ withParent = false }: { readonly withParent?: boolean } = {}): Interruption {
  const { promise, resolve } = Promise.withResolvers<void>();
  let askedMs: number | undefined;
  const ask = (): void => {
    clearInterval(watch);
    const nowMs = performance.now();
    if (askedMs !== undefined && nowMs - askedMs > SAME_REQUEST_MS) process.exit(INTERRUPTED);
    askedMs ??= nowMs;
    resolve();
  };
  const parent = process.ppid;
  const look = (): void => {
    if (process.ppid !== parent) ask();
  };
  // Whoever has nothing left to run need not be asked.
  const watch = withParent ? setInterval(look, LOOK_EVERY_MS).unref() : undefined;
  process.on('SIGINT', ask);
  process.on('SIGTERM', ask);
  return {
    asked: promise,
    [Symbol.dispose]() {
      clearInterval(watch);
      process.off('SIGINT', ask);
      process.off('SIGTERM', ask);
    },
  };
}

/** Resolves when the process is asked to stop: by SIGINT, by SIGTERM, or because its parent is gone. */
export function untilAsked(): Promise<void> {
  return interruption({ withParent: true }).asked;
}
