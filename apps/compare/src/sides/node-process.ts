import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { createInterface } from 'node:readline';
import type { NodeProcess } from '@biquorum/cluster';
import { parseProperties } from '@biquorum/log';
import type { ControlAnswer, ControlLine } from '../node/remote-control.ts';
import { controlPathOf } from '../node/watch-node.ts';

const ANSWER_MS = 10_000;

/** Asks a node's process by its directory; undefined when it does not answer: it is dead, or paused. */
export function askProcess(directory: string, line: ControlLine): Promise<ControlAnswer | undefined> {
  return new Promise((resolve) => {
    const socket = connect(controlPathOf(directory), () => socket.write(`${JSON.stringify(line)}\n`));
    socket.setTimeout(ANSWER_MS, () => socket.destroy());
    socket.on('error', () => resolve(undefined));
    socket.on('close', () => resolve(undefined));
    createInterface({ input: socket })
      .on('line', (answer) => {
        resolve(JSON.parse(answer) as ControlAnswer);
        socket.destroy();
      })
      .on('error', () => {});
  });
}

/** Every port that other nodes may dial of this one. */
export function listeningPorts({ role, directory, port }: NodeProcess): readonly number[] {
  if (role !== 'zookeeper') return [port];
  const file = `${directory}.properties`;
  const properties = parseProperties(file, readFileSync(file));
  const myid = readFileSync(`${directory}/myid`, 'utf8').trim();
  const [, followers, elections] = (properties.get(`server.${myid}`) ?? '').split(':').map(Number);
  return [Number(properties.get('clientPort')), followers, elections].filter(
    (one) => one !== undefined && Number.isInteger(one),
  ) as number[];
}
