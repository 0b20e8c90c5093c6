import type { Fields, FieldValue, LogLevel } from './telemetry.ts';

/** An event with all that is known of it. */
export interface LogEvent {
  readonly wallMs: number;
  readonly level: LogLevel;
  readonly event: string;
  readonly fields: Fields;
}

/** For machines or for people. */
export type LineFormat = 'json' | 'human';

/** How an event becomes one line of text. */
export const lineFormats: Readonly<Record<LineFormat, (event: LogEvent) => string>> = { json, human };

/** `{"time":"2025-01-31T12:00:00.000Z","level":"info","event":"segment rolled","baseOffset":42}` */
function json({ wallMs, level, event, fields }: LogEvent): string {
  const line: { [name: string]: unknown } = { time: new Date(wallMs).toISOString(), level, event };
  for (const [name, value] of Object.entries(fields)) {
    // The three names above are taken: what would hide them is set apart.
    line[name in line ? `${name}_` : name] = plainValue(value);
  }
  return JSON.stringify(line);
}

/** `12:00:00.000 info  segment rolled baseOffset=42` */
function human({ wallMs, level, event, fields }: LogEvent): string {
  let line = `${new Date(wallMs).toISOString().slice(11, 23)} ${level.padEnd(5)} ${event}`;
  for (const [name, value] of Object.entries(fields)) {
    if (value !== undefined) line += ` ${name}=${humanValue(value)}`;
  }
  return line;
}

function humanValue(value: FieldValue): string {
  if (value instanceof Error) return JSON.stringify(errorText(value));
  if (typeof value === 'string') return /^[^\s"=]+$/.test(value) ? value : JSON.stringify(value);
  if (typeof value === 'object' && value !== null) return JSON.stringify(plainValue(value));
  return String(value);
}

/** The value as JSON can hold it, without cycles: errors become objects, big integers become strings. */
export function plainValue(value: FieldValue): unknown {
  if (typeof value === 'bigint') return value.toString();
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Error) return plainError(value);
  if (Array.isArray(value)) return value.map(plainValue);
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, plainValue(inner)]));
}

const CAUSES_MAX = 8;

/** What is undefined here does not appear in JSON. */
function plainError(error: Error, depth = 0): { [name: string]: unknown } {
  const { code } = error as { code?: unknown };
  return {
    name: error.name,
    message: error.message,
    code: typeof code === 'string' || typeof code === 'number' ? code : undefined,
    stack: error.stack,
    cause: error.cause instanceof Error && depth < CAUSES_MAX ? plainError(error.cause, depth + 1) : undefined,
  };
}

function errorText(error: Error, depth = 0): string {
  const text = `${error.name}: ${error.message}`;
  if (!(error.cause instanceof Error) || depth >= CAUSES_MAX) return text;
  return `${text}; caused by ${errorText(error.cause, depth + 1)}`;
}
