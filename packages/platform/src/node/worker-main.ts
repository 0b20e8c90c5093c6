import { parentPort, workerData } from 'node:worker_threads';
import { assert } from '@biquorum/std';
import { type JobContext, type JobFunction, Transferring } from '../workers.ts';
import { nodeClock } from './node-clock.ts';
import { NodeDisk } from './node-disk.ts';
import { createNodeRandom } from './node-random.ts';
import { flattenError, type JobRequest, type WorkerMessage, type WorkerSetup } from './worker-protocol.ts';
import { WorkerTelemetry } from './worker-telemetry.ts';

// What runs in a worker thread: one job at a time, each answered by one message.

const port = parentPort;
assert(port, 'the main module of a worker thread was run by itself; it is started by NodeWorkers');

const setup = workerData as WorkerSetup;
const ports = {
  clock: nodeClock,
  random: createNodeRandom(),
  disk: new NodeDisk(),
  telemetry: new WorkerTelemetry(setup.levels, send),
};

port.on('message', (request: JobRequest) => void run(request));

async function run(request: JobRequest): Promise<void> {
  try {
    const job = await load(request);
    const flag = new Int32Array(request.cancelled);
    const context: JobContext = {
      ...ports,
      get cancelled() {
        return Atomics.load(flag, 0) !== 0;
      },
    };
    const returned = await job(request.input, context);
    if (returned instanceof Transferring) send({ kind: 'completed', output: returned.output }, returned.buffers);
    else send({ kind: 'completed', output: returned });
  } catch (error) {
    send({ kind: 'failed', error: flattenError(error) });
  }
}

async function load({ module, name }: JobRequest): Promise<JobFunction<unknown, unknown>> {
  const exports = (await import(module)) as { readonly [name: string]: unknown };
  const job = exports[name];
  if (typeof job !== 'function') throw new TypeError(`module ${module} exports no function ${name}`);
  return job as JobFunction<unknown, unknown>;
}

function send(message: WorkerMessage, transfer: readonly ArrayBuffer[] = []): void {
  port?.postMessage(message, transfer);
}
