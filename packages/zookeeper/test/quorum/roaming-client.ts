import type { Prng } from '@biquorum/std';
import { dataReply, pathWatchRequest } from '@biquorum/zookeeper-wire';
import type { MemoryEnsemble } from './memory-ensemble.ts';
import { type Answer, SocketClient } from './socket-client.ts';

/** What all clients know together, in the order in which they came to know it. */
export interface Ledger {
  /** By whom the version of the register was made, for each that was acknowledged. */
  readonly made: Map<number, string>;
  /** The newest version that anybody was told of as made. */
  newest: number;
  /** What must not have happened, in words. */
  readonly faults: string[];
  reads: number;
  moves: number;
}

export const REGISTER = '/register';
const CLIENT_PORT = 2181;
const PATIENCE_MS = 4_000;
/** Sessions last ten seconds; a follower that has lost its leader serves reads for five and a tick, and tells nobody. */
const SILENCE_MS_MIN = 4_000;
const EPHEMERAL = 1;

/**
 * A client as libraries are: it goes on with its session at another server when it has lost the one before, says what it
 * has seen last, and pings. It writes a register by its version and a node of its own, and holds what it reads against
 * what ZooKeeper promises a session.
 */
export class RoamingClient {
  readonly name: string;
  readonly #ensemble: MemoryEnsemble;
  readonly #servers: readonly number[];
  readonly #prng: Prng;
  readonly #ledger: Ledger;
  #link: SocketClient | undefined;
  #session: SocketClient['session'] | undefined;
  #lastZxid = 0;
  /** The newest version of the register that this session was shown. */
  #seen = 0;
  #asked = 0;
  #acknowledged = 0;
  /** Whether this session's ephemeral was acknowledged. */
  #hasEphemeral = false;
  #lives = 0;
  #heardMs = 0;

  constructor(name: string, ensemble: MemoryEnsemble, servers: readonly number[], prng: Prng, ledger: Ledger) {
    this.name = name;
    this.#ensemble = ensemble;
    this.#servers = servers;
    this.#prng = prng;
    this.#ledger = ledger;
  }

  /** The node that it alone writes, and the counts between which its value must lie. */
  get own(): { readonly path: string; readonly acknowledged: number; readonly asked: number } {
    return { path: `/own-${this.name}`, acknowledged: this.#acknowledged, asked: this.#asked };
  }

  /** The ephemeral of the session that it has now. */
  get ephemeral(): string {
    return `/ephemeral-${this.name}-${this.#lives}`;
  }

  /** Works until it is told to end; then once more, so that it has a session. */
  async work(isOver: () => boolean): Promise<void> {
    do {
      if (this.#link === undefined || this.#link.isClosed) await this.#connect();
      else await this.#turn(this.#link);
      await this.#sleep(20 + this.#prng.below(80));
    } while (!isOver() || !this.#hasEphemeral || this.#link === undefined || this.#link.isClosed);
  }

  async #turn(link: SocketClient): Promise<void> {
    if (!this.#hasEphemeral) {
      const { err } = await this.#told(link, link.create(this.ephemeral, this.name, EPHEMERAL));
      // An answer that was lost is no reason for another.
      if (err === undefined || err === 'NodeExists') this.#hasEphemeral = true;
      return;
    }
    // What it has said at the server before must not come after what it has said here.
    await this.#readOwn(link);
    const version = await this.#readRegister(link);
    if (version !== undefined) await this.#writeRegister(link, version);
    await this.#writeOwn(link);
    await this.#readOwn(link);
    if ((await this.#read(link, this.ephemeral)) === 'NoNode')
      this.#fault(`${this.ephemeral} is gone, and its session is not`);
    if (this.#prng.chance(0.2)) this.#leave(link);
  }

  /** Tries another server, with a write under way that the one before may not have taken in yet. */
  #leave(link: SocketClient): void {
    const count = ++this.#asked;
    void link.set(this.own.path, `${count}`);
    this.#link = undefined;
    void this.#sleep(PATIENCE_MS).then(() => link.close());
  }

  async #readRegister(link: SocketClient): Promise<number | undefined> {
    const read = await this.#read(link, REGISTER);
    if (typeof read !== 'object') return undefined;
    if (read.version < this.#seen) this.#fault(`was shown version ${read.version} of the register after ${this.#seen}`);
    this.#seen = Math.max(this.#seen, read.version);
    return read.version;
  }

  /** Writes take effect between request and answer: what was made before the request is older than what it makes. */
  async #writeRegister(link: SocketClient, version: number): Promise<void> {
    const { made, newest } = this.#ledger;
    const { err } = await this.#told(link, link.set(REGISTER, this.name, version));
    if (err !== undefined) return;
    const own = version + 1;
    if (own <= newest) this.#fault(`made version ${own} of the register after ${newest} was acknowledged`);
    const other = made.get(own);
    if (other !== undefined) this.#fault(`made version ${own} of the register, and so did ${other}`);
    made.set(own, this.name);
    this.#ledger.newest = Math.max(this.#ledger.newest, own);
    this.#seen = Math.max(this.#seen, own);
  }

  async #writeOwn(link: SocketClient): Promise<void> {
    const { path } = this.own;
    const count = ++this.#asked;
    const write = this.#asked === 1 ? link.create(path, `${count}`) : link.set(path, `${count}`);
    const { err } = await this.#told(link, write);
    if (err === undefined) this.#acknowledged = count;
    else if (err === 'NoNode') await this.#told(link, link.create(path, `${count}`));
  }

  async #readOwn(link: SocketClient): Promise<void> {
    const { path, acknowledged, asked } = this.own;
    const read = await this.#read(link, path);
    if (read === undefined) return;
    const value = typeof read === 'object' ? Number(read.text) : 0;
    if (value < acknowledged || value > asked)
      this.#fault(`reads ${value} of its own node, not ${acknowledged} to ${asked}`);
  }

  async #read(link: SocketClient, path: string): Promise<'NoNode' | { version: number; text: string } | undefined> {
    const { err, body } = await this.#told(link, link.ask('getData', pathWatchRequest, { path, watch: false }));
    if (err === 'NoNode') return err;
    if (err !== undefined || body === null) return undefined;
    this.#ledger.reads++;
    const { data, stat } = dataReply.read(body);
    return { version: stat.version, text: new TextDecoder().decode(data ?? undefined) };
  }

  /** Waits for an answer, and gives the connection up when it does not come. */
  async #told(link: SocketClient, asked: Promise<Answer>): Promise<Answer> {
    const answer = await Promise.race([asked, this.#sleep(PATIENCE_MS)]);
    if (answer === undefined) {
      link.close();
      return { err: 'closed', zxid: 0, body: null };
    }
    if (answer.err === 'closed') return answer;
    this.#heardMs = this.#nowMs;
    if (answer.zxid < this.#lastZxid) this.#fault(`is answered at ${answer.zxid} after ${this.#lastZxid}`);
    this.#lastZxid = Math.max(this.#lastZxid, answer.zxid);
    return answer;
  }

  async #connect(): Promise<void> {
    const { network } = this.#ensemble.world.host('client').ports;
    const host = `zoo${this.#prng.pick(this.#servers)}`;
    const connecting = SocketClient.connect(network, { host, port: CLIENT_PORT }, this.#session, this.#lastZxid);
    const link = await Promise.race([connecting, this.#sleep(PATIENCE_MS)]);
    if (link === undefined) {
      // What becomes of it later is nobody's any more.
      void connecting.then((late) => late?.close());
      return;
    }
    if (link.session.timeoutMs <= 0) {
      // The session has ended, and with it its ephemeral.
      const silentMs = this.#nowMs - this.#heardMs;
      if (silentMs < SILENCE_MS_MIN) this.#fault(`lost its session after ${silentMs} ms of silence`);
      link.close();
      this.#session = undefined;
      this.#hasEphemeral = false;
      this.#lives++;
      return;
    }
    if (this.#session !== undefined) this.#ledger.moves++;
    if (this.#session === undefined) this.#lives++;
    this.#session = link.session;
    this.#link = link;
    this.#heardMs = this.#nowMs;
  }

  get #nowMs(): number {
    return this.#ensemble.world.time.nowMs;
  }

  #sleep(ms: number): Promise<undefined> {
    const { timers } = this.#ensemble.world.host('client').ports;
    return new Promise((resolve) => timers.set(ms, () => resolve(undefined)));
  }

  #fault(what: string): void {
    this.#ledger.faults.push(`${this.name} ${what}`);
  }
}
