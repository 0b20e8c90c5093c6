import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/** How an agent is started; the server's address is its last argument. */
export interface AgentCommand {
  readonly command: string;
  readonly args: readonly string[];
}

/** Where an agent plays, and what happens to its connections when it asks for that. */
export interface Ground {
  /** `host:port` of each server that clients may try, with commas between them. */
  readonly connect: string;
  /** Ends every connection; new ones are taken at once, or by another server soon. */
  cut(): Promise<void>;
}

const LIMIT_MS = 180_000;
/** The line by which an agent asks that its connections be cut; it goes on when it is answered. */
const CUT = '!cut';

/**
 * Plays an agent on some ground.
 *
 * @returns what it has printed
 * @throws Error with what it said last, when it fails or does not come to its end
 */
export async function play({ command, args }: AgentCommand, ground: Ground): Promise<readonly string[]> {
  const child = spawn(command, [...args, ground.connect], { stdio: ['pipe', 'pipe', 'pipe'] });
  const limit = setTimeout(() => child.kill('SIGKILL'), LIMIT_MS);
  const closed = once(child, 'close') as Promise<[number | null]>;
  const lines: string[] = [];
  const complaints: string[] = [];
  child.stderr.setEncoding('utf8').on('data', (text: string) => complaints.push(text));
  child.stdin.on('error', () => {});
  createInterface({ input: child.stdout }).on('line', (line) => {
    if (line === CUT) {
      ground.cut().then(
        () => child.stdin.write('done\n'),
        (error: unknown) => {
          complaints.push(String(error));
          child.kill('SIGKILL');
        },
      );
    } else lines.push(line);
  });
  const [status] = await closed;
  clearTimeout(limit);
  if (status !== 0 || lines.at(-1) !== '# end') {
    const last = [...lines.slice(-5), complaints.join('').slice(-2_000)].join('\n');
    throw new Error(`${command} ended with status ${status} before its end:\n${last}`);
  }
  return lines;
}
