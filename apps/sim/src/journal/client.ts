import type { Connection, Ports, Timer } from '@biquorum/platform';
import { encodeFrame, FrameSplitter } from './frames.ts';
import { journalPort } from './server.ts';

/** What a client is to do. */
export interface ClientTask {
  readonly name: string;
  /** Name of the host that the server runs on. */
  readonly server: string;
  /** The records to be kept, in order; the first has sequence 1. */
  readonly payloads: readonly Uint8Array[];
  /** Told of every acknowledgement. */
  readonly onAcknowledged: (sequence: number) => void;
  /** Told what the server must never do. */
  readonly onViolation: (what: string) => void;
}

const outstandingMax = 16;
const dialTimeoutMs = 200;
const stalledAfterMs = 300;
const retryAfterMs = 20;

/** Sends its records through every fault until all of them are acknowledged. */
export class JournalClient {
  readonly #task: ClientTask;
  readonly #ports: Pick<Ports, 'network' | 'timers' | 'random'>;
  #acknowledged = 0;
  #sent = 0;

  constructor(ports: Pick<Ports, 'network' | 'timers' | 'random'>, task: ClientTask) {
    this.#ports = ports;
    this.#task = task;
    this.#connect();
  }

  /** The highest sequence of which the server has said that it is safe. */
  get acknowledged(): number {
    return this.#acknowledged;
  }

  /** Whether every record is. */
  get done(): boolean {
    return this.#acknowledged === this.#task.payloads.length;
  }

  #connect(): void {
    const { network } = this.#ports;
    network.dial({ host: this.#task.server, port: journalPort, timeoutMs: dialTimeoutMs }).then(
      (connection) => this.#converse(connection),
      () => this.#retry(),
    );
  }

  #retry(): void {
    const { timers, random } = this.#ports;
    timers.set(retryAfterMs + (random.uint32() % retryAfterMs), () => this.#connect());
  }

  #converse(connection: Connection): void {
    const splitter = new FrameSplitter();
    let greeted = false;
    const stalled: Timer = this.#ports.timers.set(stalledAfterMs, () => connection.abort());
    connection.start({
      data: (chunk) => {
        for (const { sequence } of splitter.push(chunk) ?? []) {
          stalled.reset(stalledAfterMs);
          if (!greeted) this.#sent = sequence;
          greeted = true;
          this.#take(sequence);
        }
        if (this.done) connection.end();
        else if (greeted) this.#send(connection);
      },
      end: () => connection.end(),
      drained() {},
      closed: () => {
        stalled.cancel();
        if (!this.done) this.#retry();
      },
    });
    connection.write([encodeFrame({ sequence: 0, payload: new TextEncoder().encode(this.#task.name) })]);
  }

  #take(sequence: number): void {
    const { name, onViolation, onAcknowledged } = this.#task;
    if (sequence < this.#acknowledged) {
      onViolation(`${name}: records up to ${this.#acknowledged} were acknowledged, and now only ${sequence} are there`);
    }
    if (sequence > this.#sent) onViolation(`${name}: ${sequence} is acknowledged, but only ${this.#sent} were sent`);
    if (sequence <= this.#acknowledged) return;
    this.#acknowledged = sequence;
    onAcknowledged(sequence);
  }

  #send(connection: Connection): void {
    const { payloads } = this.#task;
    while (this.#sent < payloads.length && this.#sent - this.#acknowledged < outstandingMax) {
      const payload = payloads[this.#sent] ?? new Uint8Array(0);
      this.#sent += 1;
      connection.write([encodeFrame({ sequence: this.#sent, payload })]);
    }
  }
}
