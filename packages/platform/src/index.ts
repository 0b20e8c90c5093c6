/**
 * The ports through which Biquorum touches the outside: clock, timers, randomness, network, disk, worker jobs and
 * telemetry, as types that Node, memory and a browser can implement. `@biquorum/platform/node` is the real thing,
 * `@biquorum/platform/testing` the one that runs in memory, in virtual time and from one seed.
 *
 * @packageDocumentation
 */
export type { Clock } from './clock.ts';
export type {
  DirectoryEntry,
  Disk,
  DiskFile,
  DiskLock,
  DiskSpace,
  FileKind,
  FileStatus,
  OpenMode,
} from './disk.ts';
export { DiskError, type DiskErrorCode, type DiskErrorFacts, type DiskOperation } from './disk-error.ts';
export { LineTelemetry, type LineTelemetryOptions } from './line-telemetry.ts';
export type { LineFormat } from './log-line.ts';
export { type HistogramReading, type MetricReading, Metrics, type NumberReading } from './metrics.ts';
export type {
  Address,
  Connection,
  ConnectionHandlers,
  DialOptions,
  Listener,
  ListenOptions,
  Network,
  WriteDone,
} from './network.ts';
export {
  NetworkError,
  type NetworkErrorCode,
  type NetworkErrorFacts,
  type NetworkOperation,
} from './network-error.ts';
export { noTelemetry } from './no-telemetry.ts';
export type { Ports } from './ports.ts';
export type { Random } from './random.ts';
export {
  type Counter,
  type Fields,
  type FieldValue,
  type Gauge,
  type Histogram,
  type Labels,
  type LogLevel,
  millisecondBounds,
  type Telemetry,
} from './telemetry.ts';
export type { Timer, Timers } from './timers.ts';
export { type Alarm, WheelTimers, type WheelTimersOptions } from './wheel-timers.ts';
export { WorkerError, type WorkerErrorCode, type WorkerErrorFacts } from './worker-error.ts';
export {
  defineJob,
  type Job,
  type JobContext,
  type JobFunction,
  type JobOutput,
  type JobResult,
  type JobRun,
  type RunOptions,
  type Transferring,
  transferring,
  type Workers,
} from './workers.ts';
