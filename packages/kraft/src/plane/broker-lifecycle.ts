import { type BrokerIdentity, PlaneError, type Registration } from '@biquorum/control-plane';
import { ChannelError, type ControllerChannel, type Pauses } from '@biquorum/control-plane/channel';
import { errorName, type Uuid } from '@biquorum/kafka-wire';
import {
  type BrokerHeartbeatResponse,
  brokerHeartbeatRequest,
  brokerHeartbeatResponse,
} from '@biquorum/kafka-wire/messages/broker-heartbeat';
import {
  type BrokerRegistrationResponse,
  brokerRegistrationRequest,
  brokerRegistrationResponse,
} from '@biquorum/kafka-wire/messages/broker-registration';
import { type BrokerEpoch, NO_BROKER_EPOCH } from '@biquorum/metadata';
import type { Ports, Timer } from '@biquorum/platform';
import { securityProtocolCode } from '../image/registrations.ts';
import { SUPPORTED_FEATURES } from '../server/api-versions.ts';

/** What a broker's membership needs of its plane. */
export interface LifecycleParts {
  readonly identity: BrokerIdentity;
  readonly clusterId: string;
  /** Ids of the directories that hold logs. */
  readonly directoryIds: readonly string[];
  readonly heartbeatIntervalMs: number;
  readonly ports: Pick<Ports, 'clock' | 'timers' | 'telemetry'>;
  readonly channel: ControllerChannel;
  readonly pauses: Pauses;
  /** The last metadata offset whose changes the broker has carried out. */
  readonly appliedOffset: () => number;
}

const REGISTRATION_RETRY_MS = 100;
const STARTING_INTERVAL_MS = 10;
const STARTING_INTERVAL_MS_MAX = 200;
const SHUTDOWN_INTERVAL_MS = 50;
const FAREWELL_MS = 500;

/**
 * A broker's membership: its registration, and the heartbeats that keep it.
 *
 * ```text
 * unregistered → fenced → live → leaving → gone
 * ```
 *
 * Source: Java `BrokerLifecycleManager` of 3.9 (KIP-631).
 */
export class BrokerLifecycle {
  readonly #parts: LifecycleParts;
  readonly #failedDirectories: Set<string> = new Set();
  /** Those that a controller has been told of. */
  readonly #reportedDirectories: Set<string> = new Set();
  readonly #beat: Timer;
  #epoch: BrokerEpoch = NO_BROKER_EPOCH;
  #registration: Registration = { endpoints: [] };
  #wantsFence = true;
  #wantsShutDown = false;
  #mayShutDown = false;
  #fenced = true;
  #startingMs = STARTING_INTERVAL_MS;
  #beating = false;
  /** Something is to be told that the heartbeat under way does not tell. */
  #again = false;
  #closed = false;

  constructor(parts: LifecycleParts) {
    this.#parts = parts;
    this.#beat = parts.ports.timers.set(parts.heartbeatIntervalMs, () => void this.#sendBeat());
    this.#beat.cancel();
  }

  get epoch(): BrokerEpoch {
    return this.#epoch;
  }

  /** By the last heartbeat's answer. */
  get fenced(): boolean {
    return this.#fenced;
  }

  /** The controller has moved what could be moved and lets the broker go. */
  get mayShutDown(): boolean {
    return this.#mayShutDown;
  }

  /**
   * Registers, or changes the registration of this process. Heartbeats begin with the first.
   *
   * @throws PlaneError when it is refused for good, or the deadline passes
   */
  async register(registration: Registration, deadlineMs: number): Promise<void> {
    this.#registration = registration;
    const { clock } = this.#parts.ports;
    for (;;) {
      const response = await this.#askRegistration(deadlineMs);
      const error = errorName(response.errorCode);
      if (error === 'NONE') {
        const first = this.#epoch === NO_BROKER_EPOCH;
        this.#epoch = response.brokerEpoch as BrokerEpoch;
        if (first) this.#beatAfter(this.#parts.heartbeatIntervalMs / 4);
        return;
      }
      const refusal = refusalOf(error, this.#parts);
      if (refusal !== undefined) throw refusal;
      if (clock.monotonicMs() >= deadlineMs) throw expiry(error, this.#parts.identity.id);
      await this.#parts.pauses.wait(REGISTRATION_RETRY_MS);
      if (this.#closed) throw closing();
    }
  }

  /** Asks to be unfenced, now and until it is. */
  wantLive(): void {
    this.#wantsFence = false;
    this.#beatAfter(0);
  }

  /** Asks to be let go, now and until {@link BrokerLifecycle.mayShutDown}. */
  wantShutDown(): void {
    this.#wantsShutDown = true;
    this.#beatAfter(0);
  }

  /** Tells of failed directories. Resolves when a controller knows. */
  async directoriesFailed(ids: readonly string[]): Promise<void> {
    for (const id of ids) this.#failedDirectories.add(id);
    this.#beatAfter(0);
    while (!this.#closed && ids.some((id) => !this.#reportedDirectories.has(id))) {
      await this.#parts.pauses.wait(SHUTDOWN_INTERVAL_MS);
    }
  }

  /** Gives the id back: a fenced broker holds no session that would keep another process from it. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#beat.cancel();
    if (this.#epoch === NO_BROKER_EPOCH || this.#mayShutDown || (this.#fenced && this.#wantsFence)) return;
    this.#wantsFence = true;
    try {
      await this.#askHeartbeat(this.#parts.ports.clock.monotonicMs() + FAREWELL_MS);
    } catch {
      // A farewell that nobody hears: the session ends by its timeout.
    }
  }

  #beatAfter(delayMs: number): void {
    if (this.#closed || this.#epoch === NO_BROKER_EPOCH) return;
    if (this.#beating) this.#again = true;
    else this.#beat.reset(delayMs);
  }

  async #sendBeat(): Promise<void> {
    if (this.#beating || this.#closed) return;
    this.#beating = true;
    this.#again = false;
    const told = [...this.#failedDirectories];
    let next = this.#parts.heartbeatIntervalMs;
    try {
      const response = await this.#askHeartbeat(
        this.#parts.ports.clock.monotonicMs() + this.#parts.heartbeatIntervalMs,
      );
      next = this.#heard(response, told);
    } catch (error) {
      if (error instanceof ChannelError && error.code === 'closed') return;
      next = STARTING_INTERVAL_MS_MAX;
    } finally {
      this.#beating = false;
    }
    this.#beatAfter(this.#again ? 0 : next);
  }

  /** @returns when to beat again */
  #heard(response: BrokerHeartbeatResponse, told: readonly string[]): number {
    const { heartbeatIntervalMs, ports, identity } = this.#parts;
    const error = errorName(response.errorCode);
    if (error !== 'NONE') {
      ports.telemetry.log('warn', 'heartbeat refused', { id: identity.id, epoch: this.#epoch, reason: error });
      return heartbeatIntervalMs;
    }
    for (const id of told) this.#reportedDirectories.add(id);
    this.#fenced = response.isFenced;
    if (response.shouldShutDown && this.#wantsShutDown) this.#mayShutDown = true;
    if (this.#mayShutDown) return heartbeatIntervalMs;
    if (this.#wantsShutDown) return SHUTDOWN_INTERVAL_MS;
    if (this.#wantsFence || !response.isFenced) {
      this.#startingMs = STARTING_INTERVAL_MS;
      return this.#wantsFence && !response.isCaughtUp ? STARTING_INTERVAL_MS_MAX : heartbeatIntervalMs;
    }
    const soon = this.#startingMs;
    this.#startingMs = Math.min(soon * 2, STARTING_INTERVAL_MS_MAX);
    return soon;
  }

  async #askRegistration(deadlineMs: number): Promise<BrokerRegistrationResponse> {
    const { identity, clusterId, directoryIds, channel } = this.#parts;
    const features = new Map([...SUPPORTED_FEATURES, ...identity.supportedFeatures]);
    const body = {
      brokerId: identity.id,
      clusterId,
      incarnationId: identity.incarnationId as Uuid,
      listeners: this.#registration.endpoints.map(({ listener, host, port, securityProtocol }) => ({
        name: listener,
        host,
        port,
        securityProtocol: securityProtocolCode(securityProtocol),
      })),
      features: [...features].map(([name, { min, max }]) => ({
        name,
        minSupportedVersion: min,
        maxSupportedVersion: max,
      })),
      rack: identity.rack,
      logDirs: directoryIds as readonly Uuid[],
      previousBrokerEpoch: identity.previousBrokerEpoch,
    };
    const call = {
      request: brokerRegistrationRequest,
      response: brokerRegistrationResponse,
      body: () => body,
      isTransient: ({ errorCode }: BrokerRegistrationResponse) => errorName(errorCode) === 'NOT_CONTROLLER',
    };
    try {
      return await channel.ask(call, deadlineMs);
    } catch (error) {
      if (error instanceof ChannelError && error.code === 'closed') throw closing();
      const message = `broker ${identity.id} has found no active controller to register with: ${String(error)}`;
      throw new PlaneError({ code: 'unreachable', message });
    }
  }

  #askHeartbeat(deadlineMs: number): Promise<BrokerHeartbeatResponse> {
    const { identity, channel, appliedOffset } = this.#parts;
    const call = {
      request: brokerHeartbeatRequest,
      response: brokerHeartbeatResponse,
      body: (version: number) => ({
        brokerId: identity.id,
        brokerEpoch: this.#epoch,
        currentMetadataOffset: appliedOffset(),
        wantFence: this.#wantsFence,
        wantShutDown: this.#wantsShutDown,
        ...(version > 0 ? { offlineLogDirs: [...this.#failedDirectories] as Uuid[] } : {}),
      }),
      isTransient: ({ errorCode }: BrokerHeartbeatResponse) => errorName(errorCode) === 'NOT_CONTROLLER',
    };
    return channel.ask(call, deadlineMs);
  }
}

function refusalOf(error: string, { identity, clusterId }: LifecycleParts): PlaneError | undefined {
  switch (error) {
    case 'INCONSISTENT_CLUSTER_ID':
      return new PlaneError({
        code: 'cluster-mismatch',
        message: `broker ${identity.id} belongs to cluster ${clusterId}, the controllers to another; check controller.quorum.voters or format the storage anew`,
      });
    case 'UNSUPPORTED_VERSION':
      return new PlaneError({
        code: 'features-incompatible',
        message: `the cluster's finalized features lie outside of what broker ${identity.id} supports; upgrade the broker`,
      });
    case 'INVALID_REGISTRATION':
    case 'BROKER_ID_NOT_REGISTERED':
      return new PlaneError({
        code: 'registration-refused',
        message: `the controller refuses to register broker ${identity.id}: ${error}; check its directories' meta.properties`,
      });
    default:
      return undefined;
  }
}

function expiry(error: string, id: number): PlaneError {
  if (error === 'DUPLICATE_BROKER_REGISTRATION') {
    const message = `another broker holds id ${id}; give each broker its own node.id, or wait until its session has expired`;
    return new PlaneError({ code: 'id-taken', message });
  }
  return new PlaneError({ code: 'unreachable', message: `broker ${id} could not register in time: ${error}` });
}

function closing(): PlaneError {
  return new PlaneError({ code: 'unreachable', message: 'the plane was closed while the broker joined the cluster' });
}
