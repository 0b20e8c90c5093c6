import { once } from 'node:events';
import { connect } from 'node:net';

/** What a server answers to a four-letter word. */
export async function ask(address: string, word: string): Promise<string> {
  const [host, port] = address.split(':');
  const socket = connect(Number(port), host);
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  socket.write(word);
  await once(socket, 'close');
  return Buffer.concat(chunks).toString();
}

/** One line of `mntr`. @throws {Error} when there is none */
export function monitored(text: string, name: string): number {
  const line = text.split('\n').find((one) => one.startsWith(`zk_${name}\t`));
  if (line === undefined) throw new Error(`mntr tells nothing of ${name}`);
  return Number(line.split('\t')[1]);
}
