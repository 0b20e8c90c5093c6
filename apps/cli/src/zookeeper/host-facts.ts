import { readdirSync, readFileSync } from 'node:fs';
import { arch, freemem, homedir, hostname, release, totalmem, type, userInfo } from 'node:os';
import type { HostFacts } from '@biquorum/zookeeper';

const MIB = 1_048_576;

/** What this machine says of itself in `envi` and among the metrics. */
export const hostFacts: HostFacts = {
  environment: () => [
    `host.name=${hostname()}`,
    `node.version=${process.versions.node}`,
    `os.name=${type()}`,
    `os.arch=${arch()}`,
    `os.version=${release()}`,
    `user.name=${userInfo().username}`,
    `user.home=${homedir()}`,
    `user.dir=${process.cwd()}`,
    `os.memory.free=${Math.round(freemem() / MIB)}MB`,
    `os.memory.max=${Math.round(totalmem() / MIB)}MB`,
    `os.memory.total=${Math.round(totalmem() / MIB)}MB`,
  ],
  openFileDescriptors: () => orUnknown(() => readdirSync('/proc/self/fd').length),
  maxFileDescriptors: () =>
    orUnknown(() => Number(/^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1] ?? -1)),
};

/** −1 where the system does not tell. */
function orUnknown(read: () => number): number {
  try {
    return read();
  } catch {
    return -1;
  }
}
