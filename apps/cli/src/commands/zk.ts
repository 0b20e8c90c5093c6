import { createNodePorts } from '@biquorum/platform/node';
import { ZooKeeperClient, ZooKeeperError } from '@biquorum/zookeeper-client';
import { type Command, CommandFault, type ExitCode, type Flag, type Terminal, UsageError } from '../command.ts';
import { wholeNumber } from '../flags.ts';
import { zkCommands } from '../zk/commands.ts';
import { ZkShell } from '../zk/shell.ts';

const FLAGS: readonly Flag[] = [
  {
    name: 'server',
    value: 'HOST:PORT,…[/PATH]',
    summary: 'servers of the ensemble, and the path that counts as the root; 127.0.0.1:2181 by default; also -server',
  },
  {
    name: 'timeout',
    value: 'MS',
    summary: 'the session timeout, and how long a first connection may take; 30000 by default; also -timeout',
  },
  { name: 'json', summary: 'results as JSON, a line for each command' },
];

const DEFAULT_SERVER = '127.0.0.1:2181';
const DEFAULT_TIMEOUT_MS = 30_000;

/** A shell for ZooKeeper, with the commands and words of Apache's `zkCli` and `zookeeper-shell`. */
export const zk: Command = {
  name: 'zk',
  synopsis: '[-server HOST:PORT,…[/PATH]] [-timeout MS] [--json] [COMMAND ARGUMENTS…]',
  summary:
    "look at and change the nodes of a ZooKeeper ensemble, as Apache's zkCli does; without a command it reads commands, typed or piped",
  flags: FLAGS,
  examples: [
    'biquorum zk -server 127.0.0.1:2181 ls -R /brokers',
    "printf 'create /a 1\\nget -s /a\\ndelete /a\\n' | biquorum zk -server 127.0.0.1:2181",
  ],
  async run(args, terminal): Promise<ExitCode> {
    const { server, timeoutMs, json, words } = read(args);
    const ports = createNodePorts();
    const client = connect(server, ports, timeoutMs);
    try {
      await untilConnected(client, server, timeoutMs);
      const shell = new ZkShell(client, terminal, { json });
      if (words.length > 0) return (await shell.once(words)) ? 0 : 1;
      greet(server, terminal, json);
      return (await shell.all(() => `[zk: ${server}(${client.state.toUpperCase()})] `)) ? 0 : 1;
    } finally {
      await client.close();
      await ports.close();
    }
  },
};

interface Call {
  readonly server: string;
  readonly timeoutMs: number;
  readonly json: boolean;
  /** A command with its arguments; empty when commands are read. */
  readonly words: readonly string[];
}

/**
 * Options stand before the command, or at the very end: what lies between is the command's own, dashes or not.
 *
 * @throws UsageError for an option that is not there or lacks its value
 */
function read(all: readonly string[]): Call {
  const args = lateOptionsFirst(all);
  let server = DEFAULT_SERVER;
  let timeoutMs = DEFAULT_TIMEOUT_MS;
  let json = false;
  let index = 0;
  for (; index < args.length && args[index]?.startsWith('-'); index++) {
    const [name = '', inline] = (args[index] as string).replace(/^--?/, '').split('=');
    if (name === 'json') {
      json = true;
      continue;
    }
    if (name !== 'server' && name !== 'timeout') {
      throw new UsageError(
        `${args[index]} is none of -server, -timeout and --json; options of a command stand behind it.`,
      );
    }
    const value = inline ?? args[++index];
    if (value === undefined) throw new UsageError(`-${name} needs its value.`);
    if (name === 'server') server = value;
    else timeoutMs = wholeNumber('-timeout', value, 1, 0x7fff_ffff);
  }
  return { server, timeoutMs, json, words: args.slice(index) };
}

/** `ls / -server host:port` as `-server host:port ls /`. */
function lateOptionsFirst(args: readonly string[]): readonly string[] {
  let end = args.length;
  for (;;) {
    if (end > 1 && args[end - 1] === '--json') end -= 1;
    else if (end > 1 && /^--?(?:server|timeout)=./.test(args[end - 1] ?? '')) end -= 1;
    else if (end > 2 && /^--?(?:server|timeout)$/.test(args[end - 2] ?? '')) end -= 2;
    else return [...args.slice(end), ...args.slice(0, end)];
  }
}

function connect(server: string, ports: ReturnType<typeof createNodePorts>, timeoutMs: number): ZooKeeperClient {
  try {
    return new ZooKeeperClient({ connect: server, ports, sessionTimeoutMs: timeoutMs });
  } catch (error) {
    if (error instanceof RangeError) throw new UsageError(`${error.message}.`, { cause: error });
    throw error;
  }
}

async function untilConnected(client: ZooKeeperClient, server: string, timeoutMs: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(
        new CommandFault(
          `no server of ZooKeeper answers at ${server} within ${timeoutMs} ms. Is the ensemble up, with a quorum, and is that its client port? "biquorum zookeeper --servers 1" starts one.`,
        ),
      );
    }, timeoutMs);
  });
  try {
    await Promise.race([client.untilConnected(), late]);
  } catch (error) {
    if (error instanceof ZooKeeperError) throw new CommandFault(error.message, { cause: error });
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

function greet(server: string, terminal: Terminal, json: boolean): void {
  const { input } = terminal;
  if (json || !('isTTY' in input && input.isTTY === true)) return;
  terminal.print(
    `Connected to ${server}. ${zkCommands.length} commands; help lists them, Tab completes names and paths.`,
  );
}
