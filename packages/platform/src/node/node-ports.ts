import { noTelemetry } from '../no-telemetry.ts';
import type { Ports } from '../ports.ts';
import type { Telemetry } from '../telemetry.ts';
import { WheelTimers } from '../wheel-timers.ts';
import { createNodeAlarm } from './node-alarm.ts';
import { nodeClock } from './node-clock.ts';
import { NodeDisk } from './node-disk.ts';
import { NodeNetwork } from './node-network.ts';
import { createNodeRandom } from './node-random.ts';
import { NodeWorkers, type NodeWorkersOptions } from './node-workers.ts';
import { createTurnClock } from './turn-clock.ts';

/** What can be chosen about the ports of a process. */
export interface NodePortsOptions {
  /** Where events and metrics go. By default nowhere; see {@link stderrTelemetry}. */
  readonly telemetry?: Telemetry;
  readonly workers?: NodeWorkersOptions;
  /**
   * A turn of the event loop counts for no more than so many milliseconds on the monotonic clock and for the timers, 50
   * or more: for ports that several nodes share which would take each other for dead when the machine holds up all of
   * them. By default each counts for what it lasts.
   */
  readonly turnMsMax?: number;
}

/** The ports of a process, and their end. */
export interface NodePorts extends Ports {
  /**
   * Ends what the ports keep running by themselves: worker threads and timers. Connections, listeners and files are
   * closed by those who opened them.
   */
  close(): Promise<void>;
}

/** The ports of this process: the real clock, network, disk and threads. */
export function createNodePorts(options: NodePortsOptions = {}): NodePorts {
  const telemetry = options.telemetry ?? noTelemetry;
  const turns = options.turnMsMax === undefined ? undefined : createTurnClock(nodeClock, options.turnMsMax);
  const clock = turns ?? nodeClock;
  const timers = new WheelTimers({ clock, alarm: createNodeAlarm(), soon: setImmediate });
  const workers = new NodeWorkers(telemetry, options.workers);
  return {
    clock,
    timers,
    random: createNodeRandom(),
    network: new NodeNetwork(telemetry),
    disk: new NodeDisk(),
    workers,
    telemetry,
    async close() {
      timers.close();
      turns?.close();
      await workers.close();
    },
  };
}
