import type { Clock } from '@biquorum/platform';
import type { ClientConnection } from '../server/client-connection.ts';
import type { ClientListener, FourLetterWords } from '../server/client-listener.ts';
import type { ServingCore } from './serving-core.ts';
import type { ZooKeeperSettings } from './settings.ts';
import { SERVER_VERSION } from './version.ts';

/** What words speak of. */
export interface WordsContext {
  readonly core: ServingCore;
  readonly settings: ZooKeeperSettings;
  readonly clock: Clock;
  /** The listener that words come in by. */
  readonly listener: () => ClientListener;
  /** The bound port of clients. */
  readonly port: () => number;
  /** Lines of `envi` besides the version: `name=value`. */
  readonly environment: () => readonly string[];
}

const NOT_SERVING = 'This ZooKeeper instance is not currently serving requests\n';
const TRACE_MASK = 306n;

/** The four-letter words of a server. Source: Java package `org.apache.zookeeper.server.command`. */
export class Words implements FourLetterWords {
  readonly #context: WordsContext;
  readonly #words: ReadonlyMap<number, Word>;
  #traceMask = TRACE_MASK;

  constructor(context: WordsContext) {
    this.#context = context;
    this.#words = new Map(this.#all().map((word) => [numberOf(word.name), word]));
  }

  argumentBytes(word: number): number | undefined {
    return this.#words.get(word)?.argumentBytes;
  }

  answer(word: number, argument: Uint8Array): string | Promise<string> {
    const { name, run } = this.#words.get(word) as Word;
    const { wordsAllowed } = this.#context.settings;
    // `isro` belongs to read-only mode, and is always answered there; here it goes by the list.
    if (!wordsAllowed.has('*') && !wordsAllowed.has(name)) {
      return `${name} is not executed because it is not in the whitelist.\n`;
    }
    return run(argument);
  }

  #all(): Word[] {
    const { core } = this.#context;
    const word = (name: string, run: Word['run'], argumentBytes = 0): Word => ({ name, argumentBytes, run });
    /** Answered only while the server serves. */
    const serving = (name: string, run: () => string | Promise<string>): Word =>
      word(name, () => (core.mode === null ? NOT_SERVING : run()));
    return [
      word('ruok', () => 'imok'),
      serving('srvr', () => this.#stat(false)),
      serving('stat', () => this.#stat(true)),
      serving('cons', () => `${this.#clients(false)}\n`),
      serving('conf', () => this.#configuration()),
      word('envi', () =>
        lines(['Environment:', `zookeeper.version=${SERVER_VERSION}`, ...this.#context.environment()]),
      ),
      serving('mntr', () => this.#monitor()),
      serving('wchs', () => this.#watchSummary()),
      serving('wchc', () => this.#watchesByConnection()),
      serving('wchp', () => this.#watchesByPath()),
      serving('dump', () => this.#dump()),
      serving('dirs', async () => {
        const { dataBytes, logBytes } = await core.directorySizes();
        return lines([`datadir_size: ${dataBytes}`, `logdir_size: ${logBytes}`]);
      }),
      word('isro', () => (core.mode === null ? 'null' : core.mode === 'read-only' ? 'ro' : 'rw')),
      serving('hash', () => lines(core.server.digestLog.map(({ zxid, digest }) => `${hex(zxid)}: ${digest}`))),
      serving('crst', () => {
        for (const { stats } of core.server.connections) stats.reset();
        return 'Connection stats reset.\n';
      }),
      serving('srst', () => {
        core.server.stats.reset();
        core.proposalBytes?.reset();
        return 'Server stats reset.\n';
      }),
      word('gtmk', () => String(this.#traceMask)),
      word(
        'stmk',
        (argument) => {
          this.#traceMask = new DataView(argument.buffer, argument.byteOffset, 8).getBigInt64(0);
          return String(this.#traceMask);
        },
        8,
      ),
    ];
  }

  #stat(withClients: boolean): string {
    const { core } = this.#context;
    const { server, proposalBytes } = core;
    const { stats } = server;
    const { min, avg, max } = stats.latencyMs;
    const head = [`Zookeeper version: ${SERVER_VERSION}`];
    if (core.mode === 'read-only') head.push('READ-ONLY mode; serving only read-only clients');
    const clients = withClients ? `Clients:\n${this.#clients(true)}\n` : '';
    const tail = [
      `Latency min/avg/max: ${min}/${double(avg)}/${max}`,
      `Received: ${stats.packetsReceived}`,
      `Sent: ${stats.packetsSent}`,
      `Connections: ${this.#context.listener().size}`,
      `Outstanding: ${server.outstanding}`,
      `Zxid: 0x${hex(server.lastZxid)}`,
      `Mode: ${core.mode}`,
      `Node count: ${server.tree.nodeCount}`,
    ];
    if (proposalBytes !== null) {
      tail.push(`Proposal sizes last/min/max: ${proposalBytes.last}/${proposalBytes.min}/${proposalBytes.max}`);
    }
    return lines(head) + clients + lines(tail);
  }

  #clients(brief: boolean): string {
    return lines([...this.#context.core.server.connections].map((client) => connectionLine(client, brief)));
  }

  async #configuration(): Promise<string> {
    const { core, settings } = this.#context;
    const { dataBytes, logBytes } = await core.directorySizes();
    const own = lines([
      `clientPort=${this.#context.port()}`,
      'secureClientPort=-1',
      `dataDir=${settings.dataDir}/version-2`,
      `dataDirSize=${dataBytes}`,
      `dataLogDir=${settings.dataLogDir}/version-2`,
      `dataLogSize=${logBytes}`,
      `tickTime=${settings.tickMs}`,
      `maxClientCnxns=${settings.maxClientCnxns}`,
      `minSessionTimeout=${settings.minSessionTimeoutMs}`,
      `maxSessionTimeout=${settings.maxSessionTimeoutMs}`,
      `clientPortListenBacklog=${settings.listenBacklog}`,
      `serverId=${settings.ensemble === null ? 0 : settings.serverId}`,
    ]);
    // Java ends with the text of the configuration, which has no end of line.
    return own + core.configurationLines().join('\n');
  }

  #monitor(): string {
    const { core } = this.#context;
    const rows: string[] = [`zk_version\t${SERVER_VERSION}`, `zk_server_state\t${core.mode}`];
    for (const [name, value] of core.roleLines()) rows.push(`zk_${name}\t${value}`);
    for (const { name, value, isDouble } of core.server.stats.metrics.values()) {
      rows.push(`zk_${name}\t${isDouble ? double(value) : value}`);
    }
    return lines(rows);
  }

  /** As Java, which tells of the watches on data and existence alone. */
  #watchSummary(): string {
    const { watchers, paths, watches } = this.#context.core.server.watches.data.counts;
    return `${watchers} connections watching ${paths} paths\nTotal watches:${watches}\n`;
  }

  #watchesByConnection(): string {
    const rows: string[] = [];
    for (const [{ sessionId }, paths] of this.#context.core.server.watches.data.byWatcher()) {
      rows.push(`0x${hex(sessionId)}`, ...[...paths].map((path) => `\t${path}`));
    }
    return `${lines(rows)}\n`;
  }

  #watchesByPath(): string {
    const byPath = new Map<string, bigint[]>();
    for (const [{ sessionId }, paths] of this.#context.core.server.watches.data.byWatcher()) {
      for (const path of paths) byPath.set(path, [...(byPath.get(path) ?? []), sessionId]);
    }
    const rows = [...byPath].flatMap(([path, sessions]) => [path, ...sessions.map((session) => `\t0x${hex(session)}`)]);
    return `${lines(rows)}\n`;
  }

  #dump(): string {
    const { core } = this.#context;
    const rows = ['SessionTracker dump:'];
    if (core.sessions === null) {
      // Another server lets them expire.
      const timeouts = [...core.sessionTimeouts()].sort(([a], [b]) => (a < b ? -1 : 1));
      rows.push(`Global Sessions(${timeouts.length}):`);
      for (const [session, timeoutMs] of timeouts) rows.push(`0x${hex(session)}\t${timeoutMs}ms`);
    } else {
      const buckets = core.sessions.buckets();
      rows.push(`Session Sets (${buckets.length})/(${core.sessions.size}):`);
      for (const [expiresMs, sessions] of buckets) {
        rows.push(`${sessions.size} expire at ${this.#date(expiresMs)}:`);
        for (const session of sessions) rows.push(`\t0x${hex(session)}`);
      }
    }
    const owners = [...core.server.tree.ephemeralOwners()];
    rows.push('ephemeral nodes dump:', `Sessions with Ephemerals (${owners.length}):`);
    for (const owner of owners) {
      rows.push(`0x${hex(owner)}:`, ...[...core.server.tree.ephemeralsOf(owner)].map((path) => `\t${path}`));
    }
    const expiries = this.#context.listener().expiries();
    rows.push('Connections dump:', `Connections Sets (${expiries.length})/(${this.#context.listener().size}):`);
    for (const [expiresMs, clients] of expiries) {
      rows.push(`${clients.length} expire at ${this.#date(expiresMs)}:`);
      for (const client of clients) rows.push(`\tip: ${addressOf(client)} sessionId: 0x${hex(client.sessionId)}`);
    }
    return lines(rows);
  }

  /** As Java writes a date, in UTC. */
  #date(monotonicMs: number): string {
    const { clock } = this.#context;
    const iso = new Date(Math.round(clock.wallMs() + monotonicMs - clock.monotonicMs()));
    const [day, date, month, year, time] = iso.toUTCString().replace(',', '').split(' ');
    return `${day} ${month} ${date} ${time} UTC ${year}`;
  }
}

interface Word {
  readonly name: string;
  readonly argumentBytes: number;
  readonly run: (argument: Uint8Array) => string | Promise<string>;
}

function connectionLine(client: ClientConnection, brief: boolean): string {
  const { stats, sessionId } = client;
  // Bits of what Java's selector waits for: 1 for requests.
  const interest = client.paused ? 0 : 1;
  const short = `queued=${client.waiting.size},recved=${stats.received},sent=${stats.sent}`;
  const head = ` ${addressOf(client)}[${interest}](${short}`;
  if (brief || sessionId === 0n) return `${head})`;
  const { min, avg, max } = stats.latencyMs;
  const cxid = stats.lastCxid >= 0 ? `,lcxid=0x${hex(stats.lastCxid)}` : '';
  const times = `lresp=${stats.lastResponseMs},llat=${stats.lastLatencyMs},minlat=${min},avglat=${Math.trunc(avg)},maxlat=${max}`;
  const about = `sid=0x${hex(sessionId)},lop=${stats.lastOp},est=${client.establishedMs},to=${client.timeoutMs}`;
  return `${head},${about}${cxid},lzxid=0x${hex(stats.lastZxid)},${times})`;
}

function addressOf({ link }: ClientConnection): string {
  const host = link.remoteHost.includes(':') ? `[${link.remoteHost}]` : link.remoteHost;
  return `/${host}:${link.remotePort ?? 0}`;
}

function lines(rows: readonly string[]): string {
  return rows.map((row) => `${row}\n`).join('');
}

/** With a decimal point, as Java prints doubles. */
function double(value: number): string {
  return Number.isInteger(value) ? `${value}.0` : String(value);
}

function hex(value: number | bigint): string {
  return BigInt.asUintN(64, BigInt(value)).toString(16);
}

/** A word as its bytes read as a number. */
function numberOf(name: string): number {
  return [...name].reduce((sum, letter) => (sum << 8) | letter.charCodeAt(0), 0);
}
