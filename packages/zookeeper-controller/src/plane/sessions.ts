import { PlaneError } from '@biquorum/control-plane';
import type { Pauses } from '@biquorum/control-plane/channel';
import type { Ports } from '@biquorum/platform';
import { assert } from '@biquorum/std';
import { ZooKeeperClient } from '@biquorum/zookeeper-client';
import { hasCode, untilAnswered } from '../until-answered.ts';
import { atMost } from './at-most.ts';

/** How a broker reaches its ensemble. */
export interface SessionSettings {
  /** `zookeeper.connect`: servers, and the path that everything lies under. */
  readonly connect: string;
  /** `zookeeper.session.timeout.ms`. */
  readonly sessionTimeoutMs: number;
  /** `zookeeper.max.in.flight.requests`. */
  readonly inFlightMax: number;
}

/** What its owner does when a session ends. */
export interface SessionEvents {
  /** The session is over. Whatever goes on under it ends before this resolves. */
  expired(): Promise<void>;
  /** There is a new session. @throws ZooKeeperError when it is over already: then there will be another */
  renewed(session: ZooKeeperClient): Promise<void>;
}

const RETRY_MS = 1_000;
const LOOK_EVERY_MS = 5;
const FAREWELL_MS = 1_000;

/**
 * One session after the other: when one expires, its owner ends what it did under it, and then gets the next.
 *
 * Source: Java `ZooKeeperClient.reinitialize`, `KafkaController`'s state change handler.
 */
export class Sessions {
  readonly #settings: SessionSettings;
  readonly #ports: Ports;
  readonly #pauses: Pauses;
  readonly #events: SessionEvents;
  #current: ZooKeeperClient | undefined;
  #renewing: Promise<void> | undefined;
  #closed = false;

  constructor(settings: SessionSettings, ports: Ports, pauses: Pauses, events: SessionEvents) {
    this.#settings = settings;
    this.#ports = ports;
    this.#pauses = pauses;
    this.#events = events;
  }

  /** The present session, expired or not. */
  get current(): ZooKeeperClient {
    assert(this.#current !== undefined, 'there is no session before open');
    return this.#current;
  }

  get isClosed(): boolean {
    return this.#closed;
  }

  /**
   * A session that has just been connected; the path that everything lies under exists when it resolves. One that ends
   * meanwhile, as on a machine that is busy with other things, is followed by the next.
   *
   * @param deadlineMs on the monotonic clock
   * @throws PlaneError when no server gives a session in time
   */
  async open(deadlineMs: number): Promise<ZooKeeperClient> {
    const { clock, timers } = this.#ports;
    this.#current ??= this.#connect();
    let reason = 'no server answered in time';
    while (!this.#closed && clock.monotonicMs() < deadlineMs) {
      const client = this.current;
      const ready = makeReady(client).then(
        () => null,
        (error: unknown) => ({ error }),
      );
      const fault = await atMost(timers, deadlineMs - clock.monotonicMs(), ready);
      if (fault === null) return client;
      if (fault === undefined) break;
      reason = String(fault.error);
      if (!hasCode(fault.error, 'SessionExpired')) break;
      await this.#pauses.wait(LOOK_EVERY_MS);
    }
    throw new PlaneError({
      code: 'unreachable',
      message: `no session with ZooKeeper at "${this.#settings.connect}": ${reason}; check zookeeper.connect and the ensemble`,
    });
  }

  /** No session follows the present one. Resolves when no renewal is under way. */
  async settle(): Promise<void> {
    this.#closed = true;
    if (this.#renewing === undefined) return;
    this.#current?.abandon();
    await this.#renewing;
  }

  /** Ends the session and its ephemerals, if a server can be reached at once. */
  async close(): Promise<void> {
    await this.settle();
    if (this.#current !== undefined) await atMost(this.#ports.timers, FAREWELL_MS, this.#current.close());
    this.#current?.abandon();
  }

  #connect(): ZooKeeperClient {
    const client: ZooKeeperClient = new ZooKeeperClient({
      ...this.#settings,
      ports: this.#ports,
      onState: (state) => {
        if (this.#closed || client !== this.#current) return;
        if (state === 'expired' || state === 'auth-failed') this.#renewing ??= this.#renew();
      },
    });
    return client;
  }

  async #renew(): Promise<void> {
    this.#ports.telemetry.log('warn', 'the session with ZooKeeper is over; a new one begins');
    await this.#events.expired();
    while (!this.#closed) {
      const client = this.#connect();
      this.#current = client;
      try {
        await client.untilConnected();
        if (this.#closed) break;
        await this.#events.renewed(client);
        if (client.state === 'connected' || client.state === 'connecting') break;
      } catch (error) {
        if (this.#closed) break;
        this.#ports.telemetry.log('warn', 'a new session with ZooKeeper did not last', { error: error as Error });
        client.abandon();
      }
      await this.#pauses.wait(RETRY_MS);
    }
    this.#renewing = undefined;
  }
}

async function makeReady(client: ZooKeeperClient): Promise<void> {
  await client.untilConnected();
  await untilAnswered(client, () => client.createChroot());
}
