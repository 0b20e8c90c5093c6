import { defineJob, type Job, type JobContext } from '@biquorum/platform';

/** Jobs that behave badly. */
export const badJobs: {
  readonly exit: Job<number, unknown>;
  readonly spin: Job<null, unknown>;
  readonly throwLater: Job<null, unknown>;
  readonly spinUntilCancelled: Job<null, string>;
} = {
  exit: defineJob<typeof exit>(import.meta.url, './jobs', 'exit'),
  spin: defineJob<typeof spin>(import.meta.url, './jobs', 'spin'),
  throwLater: defineJob<typeof throwLater>(import.meta.url, './jobs', 'throwLater'),
  spinUntilCancelled: defineJob<typeof spinUntilCancelled>(import.meta.url, './jobs', 'spinUntilCancelled'),
};

/** Ends its thread. */
export function exit(code: number): never {
  process.exit(code);
}

/** Never ends. */
export function spin(_input: null): never {
  for (;;);
}

/** Lets an error loose that nobody awaits. */
export function throwLater(_input: null): Promise<never> {
  setImmediate(() => {
    throw new Error('let loose');
  });
  return new Promise(() => {});
}

/** Never awaits anything, but looks whether it should stop. */
export function spinUntilCancelled(_input: null, context: JobContext): string {
  while (!context.cancelled);
  return 'saw it';
}
