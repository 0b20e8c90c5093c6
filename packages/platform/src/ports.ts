import type { Clock } from './clock.ts';
import type { Disk } from './disk.ts';
import type { Network } from './network.ts';
import type { Random } from './random.ts';
import type { Telemetry } from './telemetry.ts';
import type { Timers } from './timers.ts';
import type { Workers } from './workers.ts';

/**
 * Everything through which a node touches the outside. A component asks for the ones it needs:
 * `Pick<Ports, 'clock' | 'disk'>`.
 */
export interface Ports {
  readonly clock: Clock;
  readonly timers: Timers;
  readonly random: Random;
  readonly network: Network;
  readonly disk: Disk;
  readonly workers: Workers;
  readonly telemetry: Telemetry;
}
