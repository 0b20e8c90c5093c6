import { createServer, type Server } from 'node:net';
import { createInterface } from 'node:readline';
import type { NodeTally, Tally } from './tally.ts';

/** What a node's process is asked, one line of JSON each, each answered by one. */
export type ControlLine =
  | { readonly do: 'tally' }
  | { readonly do: 'cut'; readonly ports: readonly number[] }
  | { readonly do: 'commits' };

/** The answer to each of them. */
export type ControlAnswer = NodeTally;

/** Listens at a path for whoever measures this process. @param obey does what a line asks for */
export function listenForControl(path: string, tally: Tally, obey: (line: ControlLine) => void): Server {
  const server = createServer((socket) => {
    socket.on('error', () => socket.destroy());
    createInterface({ input: socket })
      .on('line', (line) => {
        obey(JSON.parse(line) as ControlLine);
        socket.write(`${JSON.stringify(tally.read() satisfies ControlAnswer)}\n`);
      })
      .on('error', () => {});
  });
  server.listen(path);
  server.unref();
  return server;
}
