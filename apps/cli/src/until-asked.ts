/** How often it is looked whether the process that started this one is still there. */
const LOOK_EVERY_MS = 500;
/** Signals within this time are one: a terminal tells the whole group, and a package manager passes on what it hears. */
const SAME_MS = 500;
/** As a shell has it for a process that SIGINT ended. */
const INTERRUPTED = 130;

/**
 * Resolves when the process is asked to stop: by SIGINT, by SIGTERM, or because its parent is gone. Whoever asks again,
 * because the stop takes too long, ends the process at once; temporary directories are removed all the same.
 */
export function untilAsked(): Promise<void> {
  const parent = process.ppid;
  return new Promise((resolve) => {
    let askedMs: number | undefined;
    const stop = (): void => {
      clearInterval(watch);
      if (askedMs !== undefined && performance.now() - askedMs > SAME_MS) process.exit(INTERRUPTED);
      askedMs ??= performance.now();
      resolve();
    };
    const watch = setInterval(() => {
      if (process.ppid !== parent) stop();
    }, LOOK_EVERY_MS);
    // Whoever has nothing left to run need not be asked.
    watch.unref();
    process.on('SIGINT', stop);
    process.on('SIGTERM', stop);
  });
}
