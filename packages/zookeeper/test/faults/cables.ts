import { spawnSync } from 'node:child_process';

/** The interface of a server towards the others, and that towards its clients. */
const CABLES = ['quorum', 'clients'] as const;
const CLIENTS_SIDE = 254;

let laid = 0;

/**
 * Hosts in network namespaces of Linux. Each has a cable to a bridge of servers and one to a bridge of clients, which this
 * process is connected to as well. Whoever pulls a cable loses packets and tells nobody. The bridges are in a namespace
 * of their own, where no firewall of the machine sees what goes over them.
 */
export class Cables implements Disposable {
  readonly #name: string;
  /** Of the clients' network; the servers' exists in the namespaces only. */
  readonly #prefix: string;
  readonly #ids: readonly number[];

  /** Why there are none on this machine; undefined where there are. Tried once, with all that is made. */
  static missing(): string | undefined {
    try {
      using cables = Cables.lay(1);
      run([...cables.command(1), 'true']);
      return undefined;
    } catch (error) {
      return (error as Error).message;
    }
  }

  /** @throws Error when this process may not, and then nothing is left. */
  static lay(hosts: number): Cables {
    const ids = Array.from({ length: hosts }, (_, at) => at + 1);
    const cables = new Cables(`${process.pid}-${++laid}`, freePrefix(), ids);
    try {
      cables.#lay();
    } catch (error) {
      cables[Symbol.dispose]();
      throw error;
    }
    return cables;
  }

  private constructor(name: string, prefix: string, ids: readonly number[]) {
    this.#name = name;
    this.#prefix = prefix;
    this.#ids = ids;
  }

  /** Where other servers reach one. */
  quorumHost(id: number): string {
    return `10.0.0.${id}`;
  }

  /** Where clients reach a server. */
  clientHost(id: number): string {
    return `${this.#prefix}.${id}`;
  }

  /** What starts a program on a host, before the program and its arguments. */
  command(id: number): readonly string[] {
    return ['ip', 'netns', 'exec', this.#namespace(id)];
  }

  /** Pulls the cable to the other servers; with `everything`, that to the clients as well. */
  pull(id: number, what: 'quorum' | 'everything' = 'quorum'): void {
    for (const cable of CABLES) if (cable === 'quorum' || what === 'everything') this.#set(id, cable, 'down');
  }

  /** Puts all cables back. */
  plugIn(): void {
    for (const id of this.#ids) for (const cable of CABLES) this.#set(id, cable, 'up');
  }

  /** Also takes what was made before something failed. */
  [Symbol.dispose](): void {
    for (const args of [
      ['link', 'delete', this.#ownEnd],
      ...[...this.#ids, 'hub' as const].map((id) => ['netns', 'delete', this.#namespace(id)]),
    ])
      spawnSync('ip', args, { stdio: 'ignore' });
  }

  #lay(): void {
    const hub = this.#namespace('hub');
    ip('netns', 'add', hub);
    for (const cable of CABLES) {
      ip('-n', hub, 'link', 'add', cable, 'type', 'bridge');
      ip('-n', hub, 'link', 'set', cable, 'up');
    }
    for (const id of this.#ids) {
      const host = this.#namespace(id);
      ip('netns', 'add', host);
      ip('-n', host, 'link', 'set', 'lo', 'up');
      for (const cable of CABLES) {
        ip('-n', hub, 'link', 'add', `${cable}-${id}`, 'type', 'veth', 'peer', 'name', cable, 'netns', host);
        ip('-n', hub, 'link', 'set', `${cable}-${id}`, 'master', cable, 'up');
        const address = cable === 'quorum' ? this.quorumHost(id) : this.clientHost(id);
        ip('-n', host, 'address', 'add', `${address}/24`, 'dev', cable);
        ip('-n', host, 'link', 'set', cable, 'up');
      }
    }
    ip('link', 'add', this.#ownEnd, 'type', 'veth', 'peer', 'name', 'client', 'netns', hub);
    ip('-n', hub, 'link', 'set', 'client', 'master', 'clients', 'up');
    ip('address', 'add', `${this.#prefix}.${CLIENTS_SIDE}/24`, 'dev', this.#ownEnd);
    ip('link', 'set', this.#ownEnd, 'up');
  }

  /** The bridge's side of a cable: the server's own goes on as it was, without a carrier. */
  #set(id: number, cable: (typeof CABLES)[number], state: 'up' | 'down'): void {
    ip('-n', this.#namespace('hub'), 'link', 'set', `${cable}-${id}`, state);
  }

  #namespace(id: number | 'hub'): string {
    return `biquorum-${this.#name}-${id}`;
  }

  /** Names of interfaces have 15 characters at most. */
  get #ownEnd(): string {
    return `bq${this.#name}`;
  }
}

/** The first three bytes of a private network that this machine has no route to but the default one. */
function freePrefix(): string {
  for (let at = process.pid; at < process.pid + 256; at++) {
    const prefix = `10.${128 + ((at >> 8) & 0x7f)}.${at & 0xff}`;
    const routes = ['root', 'match'].map((how) => ip('-4', 'route', 'show', 'to', how, `${prefix}.0/24`));
    const others = routes
      .flatMap((text) => text.split('\n'))
      .filter((line) => line !== '' && !line.startsWith('default'));
    if (others.length === 0) return prefix;
  }
  throw new Error('no private network is free');
}

function ip(...args: readonly string[]): string {
  return run(['ip', ...args]);
}

function run([program = '', ...args]: readonly string[]): string {
  const { status, error, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8' });
  if (status === 0) return stdout;
  throw new Error(`${[program, ...args].join(' ')}: ${error?.message ?? stderr.trim()}`);
}
