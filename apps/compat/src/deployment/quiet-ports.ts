import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { LOOPBACK } from '../apache/ports.ts';

/** Systems give outgoing connections ports from about 32,768 on. */
const LOWEST = 12_000;
const HIGHEST = 32_000;

/**
 * Ports of the loopback address that nobody listens on, all different, of those that no system hands out by itself: a
 * node that is restarted after a while finds its own free.
 */
export async function quietPorts(count: number): Promise<readonly number[]> {
  const ports = new Set<number>();
  while (ports.size < count) {
    const port = randomInt(LOWEST, HIGHEST);
    if (!ports.has(port) && (await isFree(port))) ports.add(port);
  }
  return [...ports];
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  const listening = once(server, 'listening').then(
    () => true,
    () => false,
  );
  server.listen(port, LOOPBACK);
  if (!(await listening)) return false;
  server.close();
  await once(server, 'close');
  return true;
}
