import { setFlagsFromString } from 'node:v8';
import { createNodePorts } from '@biquorum/platform/node';
import { readZooKeeperSettings, startZooKeeper } from '@biquorum/zookeeper';

// A server alone in a process of its own, with its log and snapshots in a directory. It answers each message with what
// it takes in memory by then.

// As the command line sets it.
setFlagsFromString('--semi-space-growth-factor=1');
setFlagsFromString('--no-parallel-scavenge');

const [dataDir = ''] = process.argv.slice(2);
const settings = readZooKeeperSettings(
  new Map([
    ['dataDir', dataDir],
    ['clientPort', '0'],
    ['clientPortAddress', '127.0.0.1'],
  ]),
);
const node = await startZooKeeper({ settings, ports: createNodePorts() });

process.on('message', () => {
  const { rss, heapUsed, heapTotal, external } = process.memoryUsage();
  const peak = process.resourceUsage().maxRSS * 1024;
  process.send?.({ rss, peak, heapUsed, heapTotal, external, znodes: node.core.server.tree.nodeCount });
});
process.on('disconnect', () => process.exit(0));
process.send?.({ port: node.clientPort });
