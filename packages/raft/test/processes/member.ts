/** One member of a cluster of real processes: serves registers to the process that started it. */
import { createReplica, onDisk, overTcp, ReplicaError } from '@biquorum/consensus';
import { createNodePorts } from '@biquorum/platform/node';
import { raft } from '@biquorum/raft';
import type { RegisterInput } from '@biquorum/simulator';

const [id = '', peers = '', directory = ''] = process.argv.slice(2);
const values = new Map<number, number>();
const encode = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));
const decode = (bytes: Uint8Array) => JSON.parse(new TextDecoder().decode(bytes));

const replica = await createReplica({
  engine: raft({ electionTimeoutMs: 300, fetchTimeoutMs: 500, requestTimeoutMs: 400, fetchWaitMs: 150 }),
  id: Number(id),
  peers: JSON.parse(peers),
  ports: createNodePorts(),
  storage: onDisk(directory, { segmentBytes: 256 * 1024 }),
  network: overTcp(),
  machine: {
    apply(command): number {
      const input = decode(command) as RegisterInput;
      if (input.kind === 'read') return 0;
      if (input.kind === 'swap' && (values.get(input.key) ?? 0) !== input.expected) return 0;
      values.set(input.key, input.value);
      return 1;
    },
    snapshot: () => encode([...values]),
    restore(state) {
      values.clear();
      for (const [key, value] of decode(state)) values.set(key, value);
    },
  },
  limits: { snapshotEvery: 500 },
});

process.on('message', async ({ call, input }: { call: number; input: RegisterInput }) => {
  try {
    const output =
      input.kind === 'read'
        ? await replica.read(() => values.get(input.key) ?? 0)
        : await replica.propose(encode(input));
    process.send?.({ call, output });
  } catch (error) {
    if (!(error instanceof ReplicaError)) throw error;
    process.send?.({ call, error: error.code, leader: error.leader });
  }
});
process.on('disconnect', () => process.exit(0));
process.send?.('ready');
