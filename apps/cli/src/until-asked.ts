/** How often it is looked whether the process that started this one is still there. */
const LOOK_EVERY_MS = 500;

/** Resolves when the process is asked to stop: by SIGINT, by SIGTERM, or because its parent is gone. */
export function untilAsked(): Promise<void> {
  const parent = process.ppid;
  return new Promise((resolve) => {
    const stop = (): void => {
      clearInterval(watch);
      process.off('SIGINT', stop);
      process.off('SIGTERM', stop);
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
