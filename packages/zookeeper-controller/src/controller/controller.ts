import type { PlaneReply, PlaneRequest } from '@biquorum/control-plane';
import type { BrokerEpoch, NodeId } from '@biquorum/metadata';
import { type ZooKeeperClient, ZooKeeperError } from '@biquorum/zookeeper-client';
import type { ControllerHost, ControllerService } from '../seam.ts';
import { serve } from './apis/index.ts';
import { type Elected, electedController, standForElection, stepDown } from './election.ts';
import { EventDropped, EventQueue } from './event-queue.ts';
import { ControllerMoved, Refused } from './faults.ts';
import { Term } from './term.ts';

/**
 * The controller that every broker of ZooKeeper mode carries: it stands for election on `/controller`, and governs the
 * cluster while it is elected.
 *
 * An event that finds another controller's epoch ends this one's term: its writes are refused by ZooKeeper, and brokers
 * refuse what it tells them. Source: Java `KafkaController`.
 */
export class Controller implements ControllerService {
  readonly #host: ControllerHost;
  readonly #events: EventQueue = new EventQueue((event, error) => this.#failed(event, error));
  /** What clients wait for outside of events: ended when this node stops. */
  readonly #waits: Set<() => void> = new Set();
  #session: ZooKeeperClient | undefined;
  #term: Term | undefined;
  /** Of the znode that the term stands for. */
  #officeCzxid = -1;
  /** The session under which a watch on `/controller` waits. */
  #watched: ZooKeeperClient | undefined;
  #closed = false;

  constructor(host: ControllerHost) {
    this.#host = host;
  }

  get activeEpoch(): number | undefined {
    return this.#term?.epoch;
  }

  /** The term of office; undefined where this node does not govern. */
  get term(): Term | undefined {
    return this.#term;
  }

  get host(): ControllerHost {
    return this.#host;
  }

  /** The session of the present registration; undefined between two. */
  get session(): ZooKeeperClient | undefined {
    return this.#session;
  }

  registered(session: ZooKeeperClient, _brokerEpoch: BrokerEpoch): void {
    this.#session = session;
    this.#events.tell('RegisterBrokerAndReelect', () => this.#elect());
  }

  async expired(): Promise<void> {
    this.#events.clear();
    // Brokers and ZooKeeper are heard no more from here on; the event that runs finds its session over.
    this.#resign();
    await this.#events.idle();
    this.#resign();
    this.#session = undefined;
  }

  handle(request: PlaneRequest): Promise<PlaneReply> {
    return serve(this, request);
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#resign();
    for (const wake of [...this.#waits]) wake();
    await this.#events.close();
    this.#resign();
  }

  /**
   * Decides something as the active controller: one event.
   *
   * @throws Refused NOT_CONTROLLER when this node is not the active controller, or no longer
   */
  async decide<Result>(name: string, make: (term: Term) => Promise<Result>): Promise<Result> {
    try {
      return await this.#events.put(name, async () => {
        const term = this.#term;
        if (term === undefined || term.isOver) throw new Refused('NOT_CONTROLLER');
        return await make(term);
      });
    } catch (error) {
      const isGone = error instanceof ControllerMoved || error instanceof EventDropped || isSessionOver(error);
      throw isGone ? new Refused('NOT_CONTROLLER') : error;
    }
  }

  /** Waits until `begin` calls back, the time is over or this node stops. @param begin returns how to wait no longer */
  wait(timeoutMs: number, begin: (done: () => void) => () => void): Promise<void> {
    return new Promise((resolve) => {
      let forget = (): void => {};
      const end = (): void => {
        timer.cancel();
        this.#waits.delete(end);
        forget();
        resolve();
      };
      const timer = this.#host.ports.timers.set(Math.max(0, timeoutMs), end);
      this.#waits.add(end);
      if (this.#closed) end();
      else forget = begin(end);
    });
  }

  /** Finds out who is elected, resigns when it is not this term any more, and stands for election when nobody is. */
  async #elect(): Promise<void> {
    const session = this.#session;
    if (session === undefined || this.#closed) return;
    const { brokerId, ports } = this.#host;
    const elected = await this.#look(session);
    if (this.#term !== undefined && elected?.czxid !== this.#officeCzxid) this.#resign();
    if (elected !== null) return;
    const office = await standForElection(session, brokerId as NodeId, ports.clock.wallMs());
    const own = office === null || this.#closed ? null : await electedController(session);
    if (office === null || own === null || own.brokerId !== brokerId) return;
    ports.telemetry.log('info', 'elected as controller', { epoch: office.epoch });
    const term = new Term({ host: this.#host, session, events: this.#events, ...office });
    this.#term = term;
    this.#officeCzxid = own.czxid;
    try {
      await term.begin();
    } catch (error) {
      if (error instanceof ControllerMoved || isSessionOver(error)) throw error;
      // Another broker may do better.
      this.#resign();
      await stepDown(session, office);
      throw error;
    }
  }

  /** Who is elected; of the next change this node hears, once. */
  async #look(session: ZooKeeperClient): Promise<Elected | null> {
    if (this.#watched === session) return electedController(session);
    // Set before the answer: the watch may fire as soon as that is here.
    this.#watched = session;
    try {
      return await electedController(session, () => this.#changed(session));
    } catch (error) {
      if (this.#watched === session) this.#watched = undefined;
      throw error;
    }
  }

  #changed(session: ZooKeeperClient): void {
    if (this.#watched === session) this.#watched = undefined;
    if (session !== this.#session || this.#closed) return;
    this.#events.tell('ControllerChange', async () => {
      if (session === this.#session) await this.#elect();
    });
  }

  #resign(): void {
    const term = this.#term;
    if (term === undefined) return;
    this.#term = undefined;
    term.end();
    this.#host.ports.telemetry.log('info', 'controller has resigned', { epoch: term.epoch });
  }

  async #failed(event: string, error: unknown): Promise<void> {
    if (error instanceof Refused || isSessionOver(error)) return;
    const { telemetry } = this.#host.ports;
    if (!(error instanceof ControllerMoved)) {
      telemetry.log('error', 'controller event failed', { event, error: error as Error });
      return;
    }
    telemetry.log('info', 'another broker is controller by now', { event, error });
    this.#resign();
  }
}

function isSessionOver(error: unknown): boolean {
  return error instanceof ZooKeeperError && (error.code === 'SessionExpired' || error.code === 'AuthFailed');
}
