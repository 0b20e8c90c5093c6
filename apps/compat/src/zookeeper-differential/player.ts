import { setTimeout } from 'node:timers/promises';
import { ByteReader } from '@biquorum/std';
import {
  connectRequest,
  connectResponse,
  createRequest,
  OPEN_ACL,
  OpCode,
  replyHeader,
  requestHeader,
  toBytes,
  Xid,
  type Zxid,
} from '@biquorum/zookeeper-wire';
import { tellFrame } from './decode-reply.ts';
import { encodeAsk, framed, type Ground, pingFrame, SYNC_XID, syncFrame, xidOf } from './encode-ask.ts';
import { Facts } from './facts.ts';
import { RawConnection } from './raw-connection.ts';
import { type Ask, SESSIONS, type Step } from './steps.ts';

/** A session of a run. */
interface Played {
  /** Of its server. */
  readonly address: string;
  readonly name: string;
  connection: RawConnection | undefined;
  sessionId: bigint;
  password: Uint8Array;
  /** It has been asked to end, or was refused. */
  over: boolean;
  xid: number;
}

const CONTROL_TIMEOUT_MS = 60_000;
const TRY_EVERY_MS = 100;
const TRIES_MAX = 600;

/**
 * Plays sequences to a server, or to the servers of an ensemble, and writes down what it says. Each session has a server
 * of its own there, which comes level with the leader before it is asked: so all of them are as one.
 */
export class Player {
  readonly #addresses: readonly string[];
  readonly #control: RawConnection;
  #runs = 0;

  private constructor(addresses: readonly string[], control: RawConnection) {
    this.#addresses = addresses;
    this.#control = control;
  }

  /**
   * Tries until the server serves: Apache's accepts connections before that, and ends them.
   *
   * @param connect `host:port` of each server, with commas between them
   */
  static async open(connect: string): Promise<Player> {
    const addresses = connect.split(',');
    const [address = ''] = addresses;
    for (let left = TRIES_MAX; ; left--) {
      const control = await RawConnection.open(address);
      control.send([connectFrame({ sessionId: 0n, password: null, timeoutMs: CONTROL_TIMEOUT_MS })]);
      if ((await control.read()) !== null) return new Player(addresses, control);
      if (left === 0) throw new Error(`${address} gives nobody a session`);
      await setTimeout(TRY_EVERY_MS);
    }
  }

  /** Everything that clients have seen, line by line, in words that do not depend on the server. */
  async play(steps: readonly Step[]): Promise<readonly string[]> {
    const root = `/run${String(++this.#runs).padStart(6, '0')}`;
    const zxid = await this.#begin(root);
    const run = new Run(this.#addresses, { root, zxid });
    try {
      return await run.play(steps);
    } finally {
      run.close();
    }
  }

  close(): void {
    this.#control.close();
  }

  /** @returns the transaction that has made the root */
  async #begin(root: string): Promise<Zxid> {
    const header = toBytes(requestHeader, { xid: this.#runs, type: OpCode.create });
    const request = { path: root, data: null, acl: OPEN_ACL, flags: 0 };
    this.#control.send([framed(header, toBytes(createRequest, request))]);
    const frame = await this.#control.read();
    if (frame === null) throw new Error(`${this.#addresses} has ended the session that all runs begin with`);
    const { err, zxid } = replyHeader.read(new ByteReader(frame));
    if (err !== 0) throw new Error(`${root} cannot be made on ${this.#addresses}: ${err}`);
    return zxid;
  }
}

class Run {
  readonly #addresses: readonly string[];
  readonly #ground: Ground;
  readonly #facts: Facts;
  readonly #lines: string[] = [];
  readonly #sessions: (Played | undefined)[] = Array.from({ length: SESSIONS }, () => undefined);
  #opened = 0;

  constructor(addresses: readonly string[], ground: Ground) {
    this.#addresses = addresses;
    this.#ground = ground;
    this.#facts = new Facts(ground.root, ground.zxid);
  }

  async play(steps: readonly Step[]): Promise<readonly string[]> {
    for (const step of steps) {
      await this.#play(step);
      await this.#hearOthers(step.session);
    }
    // Nothing of this run lives on: no session whose end would count among the transactions of another run.
    for (const session of this.#sessions.keys()) await this.#end(session);
    return this.#lines;
  }

  close(): void {
    for (const played of this.#sessions) played?.connection?.close();
  }

  async #play(step: Step): Promise<void> {
    switch (step.kind) {
      case 'open': {
        await this.#end(step.session);
        const played: Played = {
          address: this.#addresses[step.session % this.#addresses.length] as string,
          name: `${step.session}.${this.#opened++}`,
          connection: undefined,
          sessionId: 0n,
          password: new Uint8Array(16),
          over: false,
          xid: 0,
        };
        this.#sessions[step.session] = played;
        await this.#connect(played, step.timeoutMs, step.old);
        return;
      }
      case 'drop': {
        const played = this.#sessions[step.session];
        played?.connection?.close();
        if (played !== undefined) played.connection = undefined;
        return;
      }
      case 'resume':
        await this.#resume(step.session, step.honest);
        return;
      case 'ask':
        await this.#ask(step.session, step.asks);
    }
  }

  async #resume(session: number, honest: boolean): Promise<void> {
    const played = this.#sessions[session];
    if (played === undefined || played.over) return;
    const before = played.connection;
    const { password } = played;
    if (!honest) played.password = password.map((byte) => byte ^ 1);
    await this.#connect(played, 30_000, false);
    played.password = password;
    // The server ends the connection that the session had before, whether the password was right or not.
    if (before !== undefined) await this.#drain(played.name, before);
  }

  async #connect(played: Played, timeoutMs: number, old: boolean): Promise<void> {
    const connection = await RawConnection.open(played.address);
    const { sessionId, password } = played;
    connection.send([connectFrame({ sessionId, password, timeoutMs, readOnly: old ? null : false })]);
    const frame = await connection.read();
    if (frame === null) {
      this.#say(played.name, 'is not answered');
      played.connection = undefined;
      return;
    }
    const answer = connectResponse.read(new ByteReader(frame));
    if (answer.sessionId !== 0n && sessionId === 0n) {
      played.sessionId = answer.sessionId;
      played.password = answer.password ?? new Uint8Array(0);
      this.#facts.learn(answer.sessionId, played.name);
    }
    const { protocolVersion, readOnly } = answer;
    const words = `protocol ${protocolVersion}, ${answer.timeoutMs} ms, password of ${answer.password?.length}, read-only ${readOnly}`;
    this.#say(played.name, `connected as ${this.#facts.session(answer.sessionId)}, ${words}`);
    played.connection = connection;
    if (answer.sessionId === 0n) await this.#drain(played.name, connection, played);
  }

  /** Requests at once and a ping behind them: when that is answered, all is. */
  async #ask(session: number, asks: readonly Ask[]): Promise<void> {
    const played = this.#sessions[session];
    if (played?.connection === undefined) return;
    await this.#comeLevel(played);
    if (played.connection === undefined) return;
    const waiting = asks.map((ask) => ({ ask, xid: xidOf(ask, ++played.xid) }));
    const frames = waiting.map(({ ask, xid }) => encodeAsk(ask, xid, this.#ground));
    if (asks.some(({ op }) => op === 'closeSession')) {
      played.over = true;
      played.connection.send(frames);
      const from = this.#lines.length;
      await this.#untilPing(played, waiting);
      await this.#hearOthers(session);
      this.#sortEvents(from);
      return;
    }
    played.connection.send([...frames, pingFrame()]);
    await this.#untilPing(played, waiting);
    // What ends a connection is told only after the answers.
    const mayEnd = asks.some(({ op }) => op === 'raw' || op === 'auth');
    if (!mayEnd || played.connection === undefined) return;
    played.connection.send([pingFrame()]);
    await this.#untilPing(played, waiting);
  }

  /** What has come to the other sessions meanwhile. */
  async #hearOthers(session: number): Promise<void> {
    for (const [index, played] of this.#sessions.entries()) {
      if (index === session || played?.connection === undefined) continue;
      if (this.#isEnsemble) await this.#comeLevel(played);
      else {
        played.connection.send([pingFrame()]);
        await this.#untilPing(played, []);
      }
    }
  }

  get #isEnsemble(): boolean {
    return this.#addresses.length > 1;
  }

  /** What others have done is known to the server of this session, and its watches have been told. */
  async #comeLevel(played: Played): Promise<void> {
    if (!this.#isEnsemble) return;
    played.connection?.send([syncFrame()]);
    await this.#untilPing(played, []);
  }

  /** Nobody promises in which order the ephemerals of a session go. */
  #sortEvents(from: number): void {
    const sorted: string[] = [];
    const events: string[] = [];
    for (const line of [...this.#lines.splice(from), '']) {
      if (/^\S+ event /.test(line)) events.push(line);
      else sorted.push(...events.splice(0).sort(), line);
    }
    this.#lines.push(...sorted.slice(0, -1));
  }

  async #untilPing(played: Played, waiting: { readonly ask: Ask; readonly xid: number }[]): Promise<void> {
    for (;;) {
      const frame = await played.connection?.read();
      if (frame === null || frame === undefined) {
        this.#say(played.name, 'is hung up on');
        played.connection?.close();
        played.connection = undefined;
        return;
      }
      const { xid } = replyHeader.read(new ByteReader(frame));
      if (xid === Xid.ping || xid === SYNC_XID) return;
      const at = waiting.findIndex((one) => one.xid === xid);
      const [answered] = at < 0 ? [] : waiting.splice(at, 1);
      this.#say(played.name, tellFrame(frame, answered?.ask, this.#facts));
    }
  }

  /** Everything until the server hangs up. */
  async #drain(name: string, connection: RawConnection, played?: Played): Promise<void> {
    for (let frame = await connection.read(); frame !== null; frame = await connection.read()) {
      this.#say(name, tellFrame(frame, undefined, this.#facts));
    }
    this.#say(name, 'is hung up on');
    if (played !== undefined) played.connection = undefined;
  }

  async #end(session: number): Promise<void> {
    const played = this.#sessions[session];
    if (played === undefined || played.sessionId === 0n) return;
    if (played.connection === undefined && !played.over) await this.#connect(played, 30_000, false);
    if (played.connection !== undefined && !played.over) await this.#ask(session, [{ op: 'closeSession' }]);
    played.connection?.close();
    this.#sessions[session] = undefined;
  }

  #say(name: string, what: string): void {
    this.#lines.push(`${name} ${what}`);
  }
}

function connectFrame(of: {
  readonly sessionId: bigint;
  readonly password: Uint8Array | null;
  readonly timeoutMs: number;
  readonly readOnly?: boolean | null;
}): Uint8Array {
  return framed(toBytes(connectRequest, { protocolVersion: 0, lastZxidSeen: 0, readOnly: false, ...of }));
}
