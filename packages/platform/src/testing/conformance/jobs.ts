import { defineJob, type Job, type JobContext, type Transferring, transferring } from '../../workers.ts';

/** The jobs that the kit lets workers run. */
export const jobs: {
  readonly sum: Job<Uint8Array, number>;
  readonly echo: Job<unknown, unknown>;
  readonly fill: Job<{ readonly length: number; readonly byte: number }, Uint8Array<ArrayBuffer>>;
  readonly fail: Job<string, unknown>;
  readonly unsendable: Job<null, unknown>;
  readonly copyFile: Job<{ readonly from: string; readonly to: string }, number>;
  readonly tell: Job<string, null>;
  readonly untilCancelled: Job<string, string>;
  readonly missing: Job<null, unknown>;
} = {
  sum: defineJob<typeof sum>(import.meta.url, './jobs', 'sum'),
  echo: defineJob<typeof echo>(import.meta.url, './jobs', 'echo'),
  fill: defineJob<typeof fill>(import.meta.url, './jobs', 'fill'),
  fail: defineJob<typeof fail>(import.meta.url, './jobs', 'fail'),
  unsendable: defineJob<typeof unsendable>(import.meta.url, './jobs', 'unsendable'),
  copyFile: defineJob<typeof copyFile>(import.meta.url, './jobs', 'copyFile'),
  tell: defineJob<typeof tell>(import.meta.url, './jobs', 'tell'),
  untilCancelled: defineJob<typeof untilCancelled>(import.meta.url, './jobs', 'untilCancelled'),
  missing: defineJob<(input: null) => never>(import.meta.url, './jobs', 'nobodyWroteThis'),
};

/** Adds bytes up. */
export function sum(bytes: Uint8Array): number {
  return bytes.reduce((total, byte) => total + byte, 0);
}

/** Gives back what it gets. */
export function echo(input: unknown): unknown {
  return input;
}

/** Makes a buffer and hands it over. */
export function fill({ length, byte }: { length: number; byte: number }): Transferring<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(length).fill(byte);
  return transferring(bytes, [bytes.buffer]);
}

/** Throws. */
export function fail(message: string): never {
  throw Object.assign(new RangeError(message, { cause: new Error('the cause') }), { code: 'spoiled' });
}

/** Returns what no thread can send. */
export function unsendable(_input: null): unknown {
  return () => {};
}

/** Works on files. */
export async function copyFile({ from, to }: { from: string; to: string }, { disk }: JobContext): Promise<number> {
  const bytes = await disk.readWhole(from, 1_000_000);
  const file = disk.open(to, 'create-new');
  file.write(0, [bytes]);
  await file.sync();
  await file.close();
  return bytes.length;
}

/** Tells of an event, and counts. */
export function tell(event: string, { telemetry }: JobContext): null {
  telemetry.child({ bound: 1 }).log('error', event, { error: new Error('told') });
  telemetry.counter('conformance.jobs').add(2);
  telemetry.histogram('conformance.jobMs', {}, [1, 2]).record(1.5);
  return null;
}

/** Works, a little at a time, until it is cancelled; then it throws, unless it is to return. */
export async function untilCancelled(then: string, context: JobContext): Promise<string> {
  while (!context.cancelled) await context.disk.stat('/');
  if (then === 'throw') throw new Error('stopped');
  return then;
}
