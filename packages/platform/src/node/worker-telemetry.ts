import { plainValue } from '../log-line.ts';
import type { Counter, Fields, Gauge, Histogram, Labels, LogLevel, Telemetry } from '../telemetry.ts';
import type { WorkerMessage } from './worker-protocol.ts';

/** Sends what a job tells to the telemetry of the node. */
export class WorkerTelemetry implements Telemetry {
  readonly #levels: readonly LogLevel[];
  readonly #send: (message: WorkerMessage) => void;
  readonly #bound: Fields;

  constructor(levels: readonly LogLevel[], send: (message: WorkerMessage) => void, bound: Fields = {}) {
    this.#levels = levels;
    this.#send = send;
    this.#bound = bound;
  }

  enabled(level: LogLevel): boolean {
    return this.#levels.includes(level);
  }

  log(level: LogLevel, event: string, fields: Fields | (() => Fields) = {}): void {
    if (!this.enabled(level)) return;
    const facts = typeof fields === 'function' ? fields() : fields;
    // Errors lose their codes when they are cloned.
    this.#send({ kind: 'log', level, event, fields: plainValue({ ...this.#bound, ...facts }) as Fields });
  }

  child(fields: Fields): Telemetry {
    return new WorkerTelemetry(this.#levels, this.#send, { ...this.#bound, ...fields });
  }

  counter(name: string, labels: Labels = {}): Counter {
    return { add: (amount = 1) => this.#send({ kind: 'count', name, labels, amount }) };
  }

  gauge(name: string, labels: Labels = {}): Gauge {
    return {
      set: (value) => this.#send({ kind: 'gauge', name, labels, value }),
      add: (amount) => this.#send({ kind: 'gaugeAdd', name, labels, amount }),
    };
  }

  histogram(name: string, labels: Labels = {}, bounds?: readonly number[]): Histogram {
    return { record: (value) => this.#send({ kind: 'record', name, labels, bounds, value }) };
  }
}

/** Does in the node's telemetry what a job has done in its own. */
export function relay(telemetry: Telemetry, message: WorkerMessage): void {
  switch (message.kind) {
    case 'log':
      telemetry.log(message.level, message.event, message.fields);
      break;
    case 'count':
      telemetry.counter(message.name, message.labels).add(message.amount);
      break;
    case 'gauge':
      telemetry.gauge(message.name, message.labels).set(message.value);
      break;
    case 'gaugeAdd':
      telemetry.gauge(message.name, message.labels).add(message.amount);
      break;
    case 'record':
      telemetry.histogram(message.name, message.labels, message.bounds).record(message.value);
      break;
    case 'completed':
    case 'failed':
      break;
  }
}
