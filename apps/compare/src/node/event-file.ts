import { appendFileSync } from 'node:fs';
import {
  type Counter,
  type Fields,
  type Gauge,
  type Histogram,
  LineTelemetry,
  type LogLevel,
  type Telemetry,
} from '@biquorum/platform';

/** Told of each batch of the metadata log that a node sees committed; asked for where moments of commits are wanted. */
const COMMITTED = 'metadata committed';

/** Writes a node's events into a file: those that matter to people, and commits while somebody wants them. */
export class EventFile implements Telemetry {
  readonly #lines: LineTelemetry;
  readonly #wanted: { commits: boolean };

  private constructor(lines: LineTelemetry, wanted: { commits: boolean }) {
    this.#lines = lines;
    this.#wanted = wanted;
  }

  /** At once, for a node that is killed has told what it has told. */
  static at(path: string): EventFile {
    const write = (line: string): void => appendFileSync(path, `${line}\n`);
    return new EventFile(new LineTelemetry({ level: 'debug', wallMs: Date.now, write }), { commits: false });
  }

  /** From now on commits are told, by this and by what was made of it. */
  wantCommits(): void {
    this.#wanted.commits = true;
  }

  /** False for what is told message by message: the making of it would cost the node time. */
  enabled(level: LogLevel): boolean {
    return level !== 'trace' && level !== 'debug';
  }

  log(level: LogLevel, event: string, fields?: Fields | (() => Fields)): void {
    if (this.enabled(level) || (event === COMMITTED && this.#wanted.commits)) this.#lines.log(level, event, fields);
  }

  child(fields: Fields): EventFile {
    return new EventFile(this.#lines.child(fields), this.#wanted);
  }

  counter(...named: Parameters<Telemetry['counter']>): Counter {
    return this.#lines.counter(...named);
  }

  gauge(...named: Parameters<Telemetry['gauge']>): Gauge {
    return this.#lines.gauge(...named);
  }

  histogram(...named: Parameters<Telemetry['histogram']>): Histogram {
    return this.#lines.histogram(...named);
  }
}
