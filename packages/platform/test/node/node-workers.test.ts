import { createNodePorts, type NodePorts, type NodePortsOptions } from '@biquorum/platform/node';
import { CollectingTelemetry } from '@biquorum/platform/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { jobs } from '../../src/testing/conformance/jobs.ts';
import { badJobs } from './jobs.ts';

let ports: NodePorts | undefined;

function createPorts(options: NodePortsOptions = {}): NodePorts {
  ports = createNodePorts(options);
  return ports;
}

afterEach(() => ports?.close());

describe('workers in threads', () => {
  it('outlive a job that kills its thread', async () => {
    const { workers } = createPorts({ workers: { threads: 1 } });
    const [killed, after] = [workers.run(badJobs.exit, 7), workers.run(jobs.sum, Uint8Array.of(1, 2))];
    await expect(killed.result).rejects.toMatchObject({ code: 'crashed', job: 'exit' });
    await expect(killed.result).rejects.toThrow('exit code 7');
    expect(await after.result).toBe(3);
  });

  it('outlive a job that lets an error loose', async () => {
    const { workers } = createPorts({ workers: { threads: 1 } });
    const error = await workers.run(badJobs.throwLater, null).result.catch((reason: Error) => reason);
    expect(error).toMatchObject({ code: 'crashed', cause: { message: 'let loose' } });
    expect(await workers.run(jobs.sum, Uint8Array.of(1, 2)).result).toBe(3);
  });

  it('end the thread of a job that does not stop when it is told to', async () => {
    const { workers } = createPorts({ workers: { threads: 1, cancelGraceMs: 10 } });
    const run = workers.run(badJobs.spin, null);
    run.cancel();
    await expect(run.result).rejects.toMatchObject({ code: 'cancelled' });
    expect(await workers.run(jobs.sum, Uint8Array.of(1, 2)).result).toBe(3);
  });

  it('reach a job that never awaits', async () => {
    const { workers } = createPorts({ workers: { threads: 1, cancelGraceMs: 60_000 } });
    const run = workers.run(badJobs.spinUntilCancelled, null);
    run.cancel();
    expect(await run.result).toBe('saw it');
  });

  it('run as many jobs at once as there are threads', async () => {
    const { workers } = createPorts({ workers: { threads: 2, waitingMax: 1 } });
    const runs = [1, 2, 3].map(() => workers.run(jobs.untilCancelled, 'done'));
    await expect(workers.run(jobs.echo, 1).result).rejects.toMatchObject({ code: 'busy' });
    // The second ends though the first still runs.
    runs[1]?.cancel();
    expect(await runs[1]?.result).toBe('done');
    runs[0]?.cancel();
    runs[2]?.cancel();
    expect(await Promise.all(runs.map(({ result }) => result))).toEqual(['done', 'done', 'done']);
  });

  it('end with their ports, and take no more jobs', async () => {
    const { workers, close } = createPorts({ workers: { threads: 1 } });
    const runs = [workers.run(badJobs.spin, null), workers.run(jobs.echo, 1)];
    const results = runs.map(({ result }) => result.catch((error: { code: string }) => error.code));
    await close();
    expect(await Promise.all(results)).toEqual(['closed', 'closed']);
    await expect(workers.run(jobs.echo, 1).result).rejects.toMatchObject({ code: 'closed' });
  });

  it('bring what a job tells to the telemetry of the node', async () => {
    const telemetry = new CollectingTelemetry();
    const { workers } = createPorts({ telemetry });
    await workers.run(jobs.tell, 'batch cleaned').result;
    expect(telemetry.named('batch cleaned')).toMatchObject([
      { level: 'error', fields: { bound: 1, error: { name: 'Error', message: 'told' } } },
    ]);
    expect(telemetry.metrics.read()).toMatchObject([
      { name: 'conformance.jobs', value: 2 },
      { name: 'conformance.jobMs', bounds: [1, 2], buckets: [0, 1, 0], count: 1, sum: 1.5 },
    ]);
  });
});
