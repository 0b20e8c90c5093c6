import { assert, type Prng, Queue } from '@biquorum/std';
import type { Clock } from '../clock.ts';
import type { DiskOperation } from '../disk-error.ts';
import type { Ports } from '../ports.ts';
import type { Telemetry } from '../telemetry.ts';
import { WheelTimers } from '../wheel-timers.ts';
import { CollectingTelemetry } from './collecting-telemetry.ts';
import { HostLoop } from './host-loop.ts';
import { MemoryDisk } from './memory-disk.ts';
import type { UnsyncedFate } from './memory-inode.ts';
import type { MemoryNic } from './memory-nic.ts';
import { MemoryWorkers } from './memory-workers.ts';
import type { Scheduled, VirtualTime } from './virtual-time.ts';

/** What a host is like. */
export interface MemoryHostOptions {
  /** How far its wall clock is ahead of true time; behind, if negative. By default 0. */
  readonly wallOffsetMs?: number;
  /** How fast its clocks and timers run: 1.01 gains ten milliseconds a second. By default 1. */
  readonly clockRate?: number;
  readonly diskCapacityBytes?: number;
  readonly openFilesMax?: number;
  readonly diskLatencyMs?: (operation: DiskOperation, prng: Prng, path: string) => number;
  /** By default a {@link CollectingTelemetry}. It is the same one for all processes of the host. */
  readonly telemetry?: Telemetry;
}

/** What a host is given by its world. */
export interface HostSurroundings {
  readonly time: VirtualTime;
  readonly prng: Prng;
  readonly nic: MemoryNic;
}

/** True time at the beginning of a world: 2024-01-01T00:00:00Z. */
const EPOCH_MS = 1_704_067_200_000;

/**
 * A machine in a {@link MemoryWorld}, with a disk, a place in the network, and at most one process. Each start of the
 * process gets ports of its own; those of an earlier one are dead: they deliver nothing, and their promises stay open.
 */
export class MemoryHost {
  readonly name: string;
  /** The disk as hardware: content, faults, room. It outlives the processes. */
  readonly disk: MemoryDisk;
  readonly telemetry: Telemetry;
  readonly #time: VirtualTime;
  readonly #prng: Prng;
  readonly #nic: MemoryNic;
  readonly #options: MemoryHostOptions;
  #starts = 0;
  #process: { readonly loop: HostLoop; readonly ports: Ports } | undefined;

  constructor(name: string, surroundings: HostSurroundings, options: MemoryHostOptions) {
    const { time, prng, nic } = surroundings;
    this.name = name;
    this.#time = time;
    this.#prng = prng;
    this.#nic = nic;
    this.#options = options;
    this.telemetry = options.telemetry ?? new CollectingTelemetry();
    const { diskCapacityBytes, openFilesMax, diskLatencyMs } = options;
    this.disk = new MemoryDisk({
      prng: prng.fork('disk'),
      ...(diskCapacityBytes === undefined ? {} : { capacityBytes: diskCapacityBytes }),
      ...(openFilesMax === undefined ? {} : { openFilesMax }),
      ...(diskLatencyMs === undefined ? {} : { latencyMs: diskLatencyMs }),
    });
    this.start();
  }

  /** Whether a process runs, paused or not. */
  get running(): boolean {
    return this.#process !== undefined;
  }

  /** The ports of the process that runs. @throws AssertionError when none does. */
  get ports(): Ports {
    assert(this.#process, () => `host ${this.name} is stopped; start it first`);
    return this.#process.ports;
  }

  /** Starts a process, with the power on. @returns Its ports. @throws AssertionError when one runs already. */
  start(): Ports {
    assert(this.#process === undefined, () => `host ${this.name} is running; stop it first`);
    const loop = new HostLoop(this.name, this.#time);
    this.#starts++;
    this.#nic.powerOn();
    this.#process = { loop, ports: this.#createPorts(loop) };
    return this.#process.ports;
  }

  /**
   * Ends the process as SIGKILL does: in the midst of whatever it does. What it wrote is in the page cache and will be
   * found; its connections are closed by the system.
   */
  kill(): void {
    if (this.#stop()) {
      this.#nic.processEnded(true);
      this.disk.kill();
    }
  }

  /** Takes the power away: nobody is told, and of what was not synced only what `fate` allows is found again. */
  powerOff(fate: UnsyncedFate = 'random'): void {
    if (this.#stop()) {
      this.#nic.processEnded(false);
      this.disk.powerOff(fate);
    }
  }

  /** Stops delivery to the process, as a long pause of the garbage collector or SIGSTOP does. Time goes on. */
  pause(): void {
    this.#process?.loop.pause();
  }

  /** Takes delivery up again, with all that has come due. */
  resume(): void {
    this.#process?.loop.resume();
  }

  #stop(): boolean {
    if (this.#process === undefined) return false;
    this.#process.loop.stop();
    this.#process = undefined;
    return true;
  }

  #createPorts(loop: HostLoop): Ports {
    const prng = this.#prng.fork(`start ${this.#starts}`);
    const clock = this.#createClock(prng.fork('clock'));
    const words = prng.fork('random');
    const random = {
      uint32: () => words.uint32(),
      fill: (bytes: Uint8Array): void => {
        words.fill(bytes);
      },
    };
    const disk = this.disk.mount(loop, clock.wallMs);
    const { telemetry } = this;
    const workers = new MemoryWorkers({ loop, ports: { clock, random, disk, telemetry } });
    const timers = this.#createTimers(loop, clock);
    return { clock, timers, random, network: this.#nic.open(loop), disk, workers, telemetry };
  }

  #createClock(prng: Prng): Clock {
    const { wallOffsetMs = 0, clockRate = 1 } = this.#options;
    const startedMicros = Math.round(this.#time.nowMs * 1000);
    // Monotonic clocks begin anywhere: what compares those of two processes is wrong, and should fail.
    const originMs = prng.below(1_000_000);
    return {
      wallMs: () => Math.floor(EPOCH_MS + wallOffsetMs + this.#time.nowMs * clockRate),
      // From whole microseconds: a difference of fractions may stay a hair below a deadline, for an alarm without end.
      monotonicMs: () => originMs + ((Math.round(this.#time.nowMs * 1000) - startedMicros) * clockRate) / 1000,
    };
  }

  #createTimers(loop: HostLoop, clock: Clock): WheelTimers {
    const { clockRate = 1 } = this.#options;
    let alarm: Scheduled | undefined;
    const callbacks = new Queue<() => void>();
    return new WheelTimers({
      clock,
      alarm: {
        set(delayMs, callback) {
          // A clock with a rate of its own is not exact; a microsecond more makes sure that the deadline is reached.
          alarm = loop.after(clockRate === 1 ? delayMs : delayMs / clockRate + 0.001, callback);
        },
        clear() {
          alarm?.cancel();
        },
      },
      soon(callback) {
        // Whichever of several such events comes first runs the first callback.
        callbacks.push(callback);
        loop.after(0, () => callbacks.shift()?.());
      },
    });
  }
}
