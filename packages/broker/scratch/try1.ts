import { mkdtempSync } from 'node:fs';
import { Broker, readBrokerSettings } from '@biquorum/broker';
import { REFERENCE_DEFAULTS, ReferenceCluster } from '@biquorum/control-plane/testing';
import { createNodePorts, stderrTelemetry } from '@biquorum/platform/node';

const n = Number(process.argv[2] ?? 1);
const root = mkdtempSync('/tmp/bq-');
const shared = createNodePorts({} as never);
const cluster = new ReferenceCluster({ clusterId: 'ref', ports: shared });
const brokers = [];
for (let id = 1; id <= n; id++) {
  const ports = createNodePorts({ telemetry: stderrTelemetry({ level: 'debug' } as never) } as never);
  const settings = readBrokerSettings(
    new Map([
      ['node.id', String(id)],
      ['listeners', `PLAINTEXT://127.0.0.1:${19091 + id}`],
      ['log.dirs', `${root}/b${id}`],
      ['offsets.topic.replication.factor', String(Math.min(3, n))],
      ['group.initial.rebalance.delay.ms', '0'],
    ]),
  );
  const broker = new Broker({
    settings,
    ports,
    plane: cluster.create(
      { ...REFERENCE_DEFAULTS, defaultPartitions: 3, defaultReplicationFactor: Math.min(3, n) },
      ports,
    ),
  });
  brokers.push(broker);
}
const t0 = performance.now();
await Promise.all(brokers.map((b) => b.start()));
console.log('ready', performance.now() - t0, root);
process.on('SIGINT', async () => {
  await Promise.all(brokers.map((b) => b.stop()));
  cluster.close();
  console.log('stopped');
  process.exit(0);
});
