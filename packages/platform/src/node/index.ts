/**
 * The ports in Node: the only place in Biquorum that touches `node:*` I/O.
 *
 * @packageDocumentation
 */
export {
  type ChildProcess,
  type ChildProcessOptions,
  environmentVariable,
  nodeCommand,
  runMain,
  type StopOptions,
  startChildProcess,
  untilAskedToStop,
} from './child-process.ts';
export { createNodePorts, type NodePorts, type NodePortsOptions } from './node-ports.ts';
export type { NodeWorkersOptions } from './node-workers.ts';
export { type StderrTelemetryOptions, stderrTelemetry } from './stderr-telemetry.ts';
export { makeTemporaryDirectory, removeAtExit, temporaryDirectories } from './temporary-directory.ts';
