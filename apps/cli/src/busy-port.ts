import { NodeStartError } from '@biquorum/cluster';
import { NetworkError } from '@biquorum/platform';
import { CommandFault } from './command.ts';

/** An option that sets ports. */
export interface PortOption {
  /** With its dashes. */
  readonly flag: string;
  /** The first port; undefined where the option is not given, and the system chooses. */
  readonly from: number | undefined;
  /** How many ports in a row it stands for. */
  readonly count: number;
}

/** What to do about a port that somebody else has, by the options of the call; any other error stays as it is. */
export function explainBusyPort(error: unknown, options: readonly PortOption[]): unknown {
  const port = busyPortOf(error);
  if (port === undefined) return error;
  const names = options.map(({ flag }) => flag);
  const all = names.length === 1 ? '' : ` Ports are set by ${names.slice(0, -1).join(', ')} and ${names.at(-1)}.`;
  const asked = options.find(({ from, count }) => from !== undefined && port >= from && port < from + count);
  if (asked === undefined) {
    return new CommandFault(`${(error as Error).message}.${all}`, { cause: error });
  }
  const { flag, from = port, count } = asked;
  const range = count === 1 ? '' : ` takes ports ${from} to ${from + count - 1}`;
  const [fact] = (error as Error).message.split('; stop the other process');
  return new CommandFault(
    `${fact}: ${flag} ${from}${range}. Choose another ${flag}, leave it out for free ports, or stop the program that listens there.${all}`,
    { cause: error },
  );
}

function busyPortOf(error: unknown): number | undefined {
  if (error instanceof NetworkError && error.code === 'address-in-use') return error.port;
  if (!(error instanceof NodeStartError) || error.code !== 'address-in-use') return undefined;
  // A node in a process of its own tells in words where it could not listen.
  const found = /listen \S+:(\d+):/.exec(error.message);
  return found === null ? undefined : Number(found[1]);
}
