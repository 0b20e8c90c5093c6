import { LineTelemetry } from '../line-telemetry.ts';
import type { LineFormat } from '../log-line.ts';
import type { LogLevel } from '../telemetry.ts';

/** What goes to standard error, and in which form. */
export interface StderrTelemetryOptions {
  /** The least grave level that is written. By default `info`. */
  readonly level?: LogLevel;
  /** By default `human` on a terminal, else `json`. */
  readonly format?: LineFormat;
}

/** Telemetry that writes a line for each event to standard error. */
export function stderrTelemetry(options: StderrTelemetryOptions = {}): LineTelemetry {
  return new LineTelemetry({
    format: process.stderr.isTTY ? 'human' : 'json',
    ...options,
    wallMs: Date.now,
    write: (line) => process.stderr.write(`${line}\n`),
  });
}
