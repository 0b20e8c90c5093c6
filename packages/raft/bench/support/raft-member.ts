import { createReplica, onDisk, overTcp } from '@biquorum/consensus';
import { createNodePorts } from '@biquorum/platform/node';
import { raft } from '@biquorum/raft';

const [id = '', peers = '', directory = ''] = process.argv.slice(2);
await createReplica({
  // Longer than the bench takes: the one who measures is to lead.
  engine: raft({ electionTimeoutMs: 600_000 }),
  id: Number(id),
  peers: JSON.parse(peers),
  ports: createNodePorts(),
  storage: onDisk(directory),
  network: overTcp(),
  machine: { apply: () => {}, snapshot: () => new Uint8Array(0), restore: () => {} },
  limits: { snapshotEvery: 1_000_000 },
});
process.send?.('ready');
