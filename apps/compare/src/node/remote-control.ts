import { createServer, type Server } from 'node:net';
import { createInterface } from 'node:readline';
import type { CuttableNetwork } from './cuttable-network.ts';
import type { NodeTally, Tally } from './tally.ts';

/** What a node's process is asked, one line of JSON each, each answered by one. */
export type ControlLine = { readonly do: 'tally' } | { readonly do: 'cut'; readonly ports: readonly number[] };

/** The answer to either. */
export type ControlAnswer = NodeTally;

/** Listens at a path for whoever measures this process. */
export function listenForControl(path: string, tally: Tally, network: () => CuttableNetwork | undefined): Server {
  const server = createServer((socket) => {
    socket.on('error', () => socket.destroy());
    createInterface({ input: socket })
      .on('line', (line) => {
        const asked = JSON.parse(line) as ControlLine;
        if (asked.do === 'cut') network()?.cut(asked.ports);
        socket.write(`${JSON.stringify(tally.read() satisfies ControlAnswer)}\n`);
      })
      .on('error', () => {});
  });
  server.listen(path);
  server.unref();
  return server;
}
