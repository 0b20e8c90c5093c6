import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { createNodePorts } from '@biquorum/platform/node';
import { readZooKeeperSettings, startZooKeeper } from '@biquorum/zookeeper';

// A server by its zoo.cfg in a process of its own, from sources: as the command line runs it. The first argument is the
// command's name.

setFlagsFromString('--semi-space-growth-factor=1');
setFlagsFromString('--no-parallel-scavenge');

const file = process.argv[3] ?? '';
const lines = readFileSync(file, 'utf8').split('\n').filter(Boolean);
const config = new Map(lines.map((line) => line.split('=') as [string, string]));
const myid = readFileSync(`${dirname(file)}/myid`, 'utf8');
await startZooKeeper({ settings: readZooKeeperSettings(config, new Map(), myid), ports: createNodePorts() });
