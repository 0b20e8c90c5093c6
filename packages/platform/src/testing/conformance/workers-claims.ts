import type { WorkerError } from '../../worker-error.ts';
import { check, equal, equalBytes, pattern, rejectsCode, text } from './checks.ts';
import { jobs } from './jobs.ts';
import { type Claim, claim } from './kit.ts';

/** What all workers do. */
export const workersClaims: readonly Claim[] = [
  claim('a job gets its input and gives its output', async ({ ports: { workers } }) => {
    equal(await workers.run(jobs.sum, Uint8Array.of(1, 2, 3)).result, 6, 'sum');
    const input = { text: 'é', list: [1, null, true], map: new Map([['a', 1n]]), bytes: text('bytes') };
    const output = (await workers.run(jobs.echo, input).result) as typeof input;
    equal([output.text, output.list, output.map.get('a') === 1n], ['é', [1, null, true], true], 'echo');
    equalBytes(output.bytes, text('bytes'), 'echoed bytes');
    check(output !== input, 'the output is the input itself');
  }),

  claim('buffers move in and out without copies', async ({ ports: { workers } }) => {
    const bytes = Uint8Array.from(pattern(100_000));
    const expected = bytes.reduce((total, byte) => total + byte, 0);
    const run = workers.run(jobs.sum, bytes, { transfer: [bytes.buffer] });
    equal(bytes.length, 0, 'length here, after the buffer has moved');
    equal(await run.result, expected, 'sum');
    equalBytes(
      await workers.run(jobs.fill, { length: 1_000, byte: 7 }).result,
      new Uint8Array(1_000).fill(7),
      'output',
    );
  }),

  claim('jobs run in order', async ({ ports: { workers } }) => {
    const finished: number[] = [];
    const runs = Array.from({ length: 20 }, (_, index) => {
      return workers.run(jobs.echo, index).result.then((output) => finished.push(output as number));
    });
    await Promise.all(runs);
    equal(
      [...finished].sort((a, b) => a - b),
      finished,
      'order of outputs',
    );
  }),

  claim('a job that throws has failed, with its error as the cause', async ({ ports: { workers } }) => {
    const error = (await rejectsCode('failed', workers.run(jobs.fail, 'went wrong').result, 'job')) as WorkerError;
    equal(error.job, 'fail', 'job of the error');
    const cause = error.cause as RangeError & { readonly code?: string };
    equal([cause.name, cause.message, cause.code], ['RangeError', 'went wrong', 'spoiled'], 'cause');
    equal((cause.cause as Error).message, 'the cause', 'cause of the cause');
    // The worker goes on.
    equal(await workers.run(jobs.sum, Uint8Array.of(1)).result, 1, 'sum');
  }),

  claim('what cannot be found or sent has failed', async ({ ports: { workers } }) => {
    const missing = await rejectsCode('failed', workers.run(jobs.missing, null).result, 'a missing function');
    const { message } = missing.cause as Error;
    check(message.includes('nobodyWroteThis'), `message without the name: ${message}`);
    const nowhere = { module: 'file:///no/such/module.js', name: 'nothing' };
    await rejectsCode('failed', workers.run(nowhere, null).result, 'a missing module');
    await rejectsCode('failed', workers.run(jobs.echo, () => {}).result, 'an input that is a function');
    await rejectsCode('failed', workers.run(jobs.unsendable, null).result, 'an output that is a function');
    equal(await workers.run(jobs.sum, Uint8Array.of(1)).result, 1, 'sum');
  }),

  claim('a job works on the same disk', async ({ ports: { disk, workers }, directory }) => {
    await disk.replace(`${directory}/from`, pattern(10_000));
    const run = workers.run(jobs.copyFile, { from: `${directory}/from`, to: `${directory}/to` });
    equal(await run.result, 10_000, 'bytes copied');
    equalBytes(await disk.readWhole(`${directory}/to`, 10_000), pattern(10_000), 'copy');
    const again = workers.run(jobs.copyFile, { from: `${directory}/from`, to: `${directory}/to` });
    const { cause } = await rejectsCode('failed', again.result, 'copy onto a file that is there');
    equal((cause as { code?: unknown }).code, 'exists', 'code of the cause');
  }),

  claim('a running job is cancelled by telling it', async ({ ports: { workers } }) => {
    const thrown = workers.run(jobs.untilCancelled, 'throw');
    thrown.cancel();
    thrown.cancel();
    await rejectsCode('cancelled', thrown.result, 'a job that throws when cancelled');
    const returned = workers.run(jobs.untilCancelled, 'all the same');
    returned.cancel();
    equal(await returned.result, 'all the same', 'output of a job that completes when cancelled');
    returned.cancel();
  }),

  claim('too many jobs are refused, and waiting ones can be cancelled', async ({ ports: { workers } }) => {
    const runs = [];
    let busy = false;
    // So many that any bound is reached.
    for (let index = 0; index < 10_000 && !busy; index++) {
      const run = workers.run(jobs.untilCancelled, 'throw');
      runs.push(run);
      const refused = run.result.then(
        () => false,
        (error: WorkerError) => error.code === 'busy',
      );
      busy = await Promise.race([refused, soon()]);
    }
    // A refusal may be told a little later.
    const codes = runs.map(({ result }) =>
      result.then(
        () => 'none',
        (error: WorkerError) => error.code,
      ),
    );
    for (const run of [...runs].reverse()) run.cancel();
    const told = await Promise.all(codes);
    check(told.includes('busy'), `none of ${told.length} jobs was refused`);
    check(
      told.every((code) => code === 'busy' || code === 'cancelled'),
      `codes: ${[...new Set(told)].join(' ')}`,
    );
    equal(await workers.run(jobs.sum, Uint8Array.of(1)).result, 1, 'sum');
  }),

  claim('what a job tells reaches the telemetry', async ({ ports: { workers } }) => {
    equal(await workers.run(jobs.tell, 'conformance checked').result, null, 'output');
  }),
];

async function soon(): Promise<false> {
  return false;
}
