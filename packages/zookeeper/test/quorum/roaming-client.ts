import type { Address, Network, Timers } from '@biquorum/platform';
import type { Prng } from '@biquorum/std';
import { dataReply, pathWatchRequest, type Stat, statReply } from '@biquorum/zookeeper-wire';
import { type Ledger, REFUSED } from './ledger.ts';
import { type Answer, SocketClient } from './socket-client.ts';

/** Where a client lives. */
export interface Surroundings {
  readonly network: Network;
  readonly timers: Timers;
  readonly nowMs: () => number;
  /** Where clients reach a server. */
  readonly place: (server: number) => Address;
  /** So long it must have been silent to lose its session: a server that has lost its leader serves reads and tells nobody. */
  readonly silenceMsMin: number;
}

export const REGISTER = '/register';
const PATIENCE_MS = 4_000;
const EPHEMERAL = 1;

/**
 * A client as libraries are: it goes on with its session at another server when it has lost the one before, says what it
 * has seen last, and pings. It writes a register by its version and a node of its own, and holds what it reads against
 * what ZooKeeper promises a session.
 */
export class RoamingClient {
  readonly name: string;
  readonly #in: Surroundings;
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
  /** That of the session before, which has ended. */
  #gone: string | undefined;
  #lives = 0;
  /** When the last request was sent that was answered. */
  #heardMs = 0;
  #writes = 0;
  /** It has asked for the end of its session, and was not told. */
  #mayHaveEnded = false;

  constructor(name: string, surroundings: Surroundings, servers: readonly number[], prng: Prng, ledger: Ledger) {
    this.name = name;
    this.#in = surroundings;
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

  /** Leaves without a word: what becomes of its session is up to the servers. */
  abandon(): void {
    this.#link?.close();
  }

  async #turn(link: SocketClient): Promise<void> {
    if (!this.#hasEphemeral) {
      const { err } = await this.#told(link.create(this.ephemeral, this.name, EPHEMERAL), link);
      // An answer that was lost is no reason for another.
      if (err === undefined || err === 'NodeExists') this.#hasEphemeral = true;
      return;
    }
    // What it has said at the server before must not come after what it has said here.
    await this.#readOwn(link);
    const version = await this.#readRegister(link);
    if (version !== undefined) await this.#writeRegister(link, version);
    if (await this.#writeOwn(link)) await this.#lookForGone(link);
    await this.#readOwn(link);
    if ((await this.#read(link, this.ephemeral)) === 'NoNode')
      this.#fault(`${this.ephemeral} is gone, and its session is not`);
    if (this.#prng.chance(0.2)) this.#leave(link);
    else if (this.#prng.chance(0.05)) await this.#end(link);
  }

  /** Ends its session in order. */
  async #end(link: SocketClient): Promise<void> {
    this.#mayHaveEnded = true;
    const { err } = await this.#told(link.ask('closeSession'), link);
    // Without an answer it may have ended or not: it is asked for when the client connects again.
    if (err === undefined) this.#lost();
    link.close();
  }

  #lost(): void {
    if (this.#hasEphemeral) this.#gone = this.ephemeral;
    this.#session = undefined;
    this.#hasEphemeral = false;
    this.#mayHaveEnded = false;
    this.#lives++;
  }

  /** A session had ended before this client's last write: all that it owned is gone wherever that write is seen. */
  async #lookForGone(link: SocketClient): Promise<void> {
    if (this.#gone === undefined) return;
    const read = await this.#read(link, this.#gone);
    if (read === undefined) return;
    if (read !== 'NoNode') this.#fault(`${this.#gone} is there, and its session has ended`);
    this.#gone = undefined;
    this.#ledger.ended++;
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
    const { stat, text, zxid } = read;
    this.#ledger.saw(this.name, stat, text, zxid);
    if (stat.version < this.#seen) this.#fault(`was shown version ${stat.version} of the register after ${this.#seen}`);
    this.#seen = Math.max(this.#seen, stat.version);
    return stat.version;
  }

  /** Writes take effect between request and answer: what was made before the request is older than what it makes. */
  async #writeRegister(link: SocketClient, version: number): Promise<void> {
    const { newest } = this.#ledger;
    const expected = this.#prng.chance(0.3) ? -1 : version;
    const text = `${this.name}-${++this.#writes}`;
    const call = this.#ledger.writes({ expected });
    const { err, body, zxid } = await this.#told(link.set(REGISTER, text, expected), link);
    if (err === 'BadVersion') this.#ledger.wrote(call, REFUSED);
    if (err !== undefined || body === null) return;
    const { stat } = statReply.read(body);
    this.#ledger.wrote(call, stat.version);
    this.#ledger.saw(this.name, stat, text, zxid);
    if (stat.version <= newest)
      this.#fault(`made version ${stat.version} of the register after ${newest} was acknowledged`);
    this.#seen = Math.max(this.#seen, stat.version);
  }

  /** @returns Whether it was acknowledged. */
  async #writeOwn(link: SocketClient): Promise<boolean> {
    const { path } = this.own;
    const count = ++this.#asked;
    const write = this.#asked === 1 ? link.create(path, `${count}`) : link.set(path, `${count}`);
    const { err } = await this.#told(write, link);
    if (err === undefined) this.#acknowledged = count;
    else if (err === 'NoNode') await this.#told(link.create(path, `${count}`), link);
    return err === undefined;
  }

  async #readOwn(link: SocketClient): Promise<void> {
    const { path, acknowledged, asked } = this.own;
    const read = await this.#read(link, path);
    if (read === undefined) return;
    const value = typeof read === 'object' ? Number(read.text) : 0;
    if (value < acknowledged || value > asked)
      this.#fault(`reads ${value} of its own node, not ${acknowledged} to ${asked}`);
  }

  async #read(
    link: SocketClient,
    path: string,
  ): Promise<'NoNode' | { readonly stat: Stat; readonly text: string; readonly zxid: number } | undefined> {
    const asked = link.ask('getData', pathWatchRequest, { path, watch: false });
    const { err, body, zxid } = await this.#told(asked, link);
    if (err === 'NoNode') return err;
    if (err !== undefined || body === null) return undefined;
    this.#ledger.reads++;
    const { data, stat } = dataReply.read(body);
    return { stat, text: new TextDecoder().decode(data ?? undefined), zxid };
  }

  /** Waits for an answer, and gives the connection up when it does not come. */
  async #told(asked: Promise<Answer>, link: SocketClient): Promise<Answer> {
    const sentMs = this.#in.nowMs();
    const answer = await Promise.race([asked, this.#sleep(PATIENCE_MS)]);
    if (answer === undefined) {
      link.close();
      return { err: 'closed', zxid: 0, body: null };
    }
    if (answer.err === 'closed') return answer;
    this.#heardMs = sentMs;
    if (answer.zxid < this.#lastZxid) this.#fault(`is answered at ${answer.zxid} after ${this.#lastZxid}`);
    this.#lastZxid = Math.max(this.#lastZxid, answer.zxid);
    return answer;
  }

  async #connect(): Promise<void> {
    const place = this.#in.place(this.#prng.pick(this.#servers));
    const sentMs = this.#in.nowMs();
    const connecting = SocketClient.connect(this.#in.network, place, this.#session, this.#lastZxid);
    const link = await Promise.race([connecting, this.#sleep(PATIENCE_MS)]);
    if (link === undefined) {
      // What becomes of it later is nobody's any more.
      void connecting.then((late) => late?.close());
      return;
    }
    if (link.session.timeoutMs <= 0) {
      // The session has ended, and with it its ephemeral.
      const silentMs = sentMs - this.#heardMs;
      if (silentMs < this.#in.silenceMsMin && !this.#mayHaveEnded)
        this.#fault(`lost its session after ${silentMs} ms of silence`);
      link.close();
      this.#lost();
      return;
    }
    if (this.#session !== undefined) this.#ledger.moves++;
    if (this.#session === undefined) this.#lives++;
    this.#session = link.session;
    this.#link = link;
    this.#heardMs = sentMs;
  }

  #sleep(ms: number): Promise<undefined> {
    return new Promise((resolve) => this.#in.timers.set(ms, () => resolve(undefined)));
  }

  #fault(what: string): void {
    this.#ledger.faults.push(`${this.name} ${what}`);
  }
}
