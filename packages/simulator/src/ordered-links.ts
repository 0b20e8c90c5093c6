import type { NodeId, TransportEvents } from '@biquorum/consensus';

/** What links of one channel need of the network around them. */
export interface OrderedWorld<Message> {
  after(delayMs: number, run: () => void): void;
  nowMs(): number;
  delayMs(): number;
  /** The process that runs at a node now; undefined when none does. */
  port(id: NodeId): OrderedPort<Message> | undefined;
  /** Runs something of a node when it can: now, when it is resumed, or never. */
  enter(node: NodeId, incarnation: number, run: () => void): void;
  isCut(from: NodeId, to: NodeId): boolean;
}

/** One process that links end at. */
export interface OrderedPort<Message> {
  readonly incarnation: number;
  readonly events: TransportEvents<Message> | null;
}

/** One way of a link. */
interface Lane {
  readonly to: NodeId;
  /** The process at the end. */
  incarnation: number;
  /** When the last message arrives: none overtakes it. */
  arrivesMs: number;
  /** What has arrived at a cut, or at an end that has no room, and goes on later. */
  readonly held: (() => boolean)[];
  dead: boolean;
}

interface Link<Message> {
  readonly caller: NodeId;
  readonly callee: NodeId;
  established: boolean;
  /** What the caller has sent before the link stood. */
  readonly early: Message[];
  readonly lanes: ReadonlyMap<NodeId, Lane>;
}

/** How long an end that had no room is left alone. */
const RETRY_MS = 1;

/**
 * The links of one `fifo` channel, as connections behave: made by one side's call, in order and without gaps while they
 * stand, lost as a whole. A cut breaks them or holds them up; of a power failure the other end hears nothing.
 */
export class OrderedLinks<Message> {
  readonly #channel: string;
  readonly #world: OrderedWorld<Message>;
  /** By caller and callee. */
  readonly #links: Map<number, Link<Message>> = new Map();
  /** Which link each end, by itself and its peer, takes to be up. */
  readonly #ends: Map<number, Link<Message>> = new Map();

  constructor(channel: string, world: OrderedWorld<Message>) {
    this.#channel = channel;
    this.#world = world;
  }

  dial(from: NodeId, to: NodeId): void {
    this.hangUp(from, to);
    const world = this.#world;
    const lane = (id: NodeId): Lane => ({
      to: id,
      incarnation: world.port(id)?.incarnation ?? -1,
      arrivesMs: 0,
      held: [],
      dead: false,
    });
    const link: Link<Message> = {
      caller: from,
      callee: to,
      established: false,
      early: [],
      lanes: new Map([
        [to, lane(to)],
        [from, lane(from)],
      ]),
    };
    this.#links.set(pairOf(from, to), link);
    world.after(world.delayMs() + world.delayMs(), () => this.#establish(link));
  }

  hangUp(from: NodeId, to: NodeId): void {
    const link = this.#linkBetween(from, to);
    if (link === undefined) return;
    this.#links.delete(pairOf(link.caller, link.callee));
    this.#ends.delete(pairOf(from, to));
    this.#laneTo(link, from).dead = true;
    this.#leave(link, to);
  }

  send(from: NodeId, to: NodeId, message: Message): void {
    const link = this.#linkBetween(from, to);
    if (link === undefined) return;
    if (!link.established) link.early.push(message);
    else this.#deliver(link, from, to, message);
  }

  /** A process is gone. @param told Whether the other ends hear of it. */
  detach(id: NodeId, told: boolean): void {
    for (const link of [...this.#links.values()]) {
      if (link.caller !== id && link.callee !== id) continue;
      this.#links.delete(pairOf(link.caller, link.callee));
      const other = link.caller === id ? link.callee : link.caller;
      this.#ends.delete(pairOf(id, other));
      this.#laneTo(link, id).dead = true;
      if (told) this.#leave(link, other);
    }
  }

  /** Breaks a link; both ends hear of it. */
  break(from: NodeId, to: NodeId): void {
    const link = this.#linkBetween(from, to) ?? this.#linkBetween(to, from);
    if (link === undefined) return;
    this.#links.delete(pairOf(link.caller, link.callee));
    for (const lane of link.lanes.values()) lane.dead = true;
    if (!link.established) this.#tell(link.caller, link.callee, false);
    this.#down(link, link.caller, link.callee);
    this.#down(link, link.callee, link.caller);
  }

  /** The way from one node to another is free again. */
  healed(from: NodeId, to: NodeId): void {
    for (const link of this.#links.values()) {
      if ((link.caller === from && link.callee === to) || (link.caller === to && link.callee === from)) {
        this.#flush(this.#laneTo(link, to));
      }
    }
  }

  #establish(link: Link<Message>): void {
    const { caller, callee } = link;
    if (this.#links.get(pairOf(caller, callee)) !== link) return;
    const world = this.#world;
    const port = world.port(callee);
    const cut = world.isCut(caller, callee) || world.isCut(callee, caller);
    if (port === undefined || port.events === null || cut || this.#links.has(pairOf(callee, caller))) {
      this.#links.delete(pairOf(caller, callee));
      this.#tell(caller, callee, false);
      return;
    }
    // What the callee takes to be up is the link of a process that is gone, or one that was hung up just now.
    const stale = this.#ends.get(pairOf(callee, caller));
    if (stale !== undefined) {
      this.#laneTo(stale, callee).dead = true;
      this.#down(stale, callee, caller);
    }
    link.established = true;
    this.#laneTo(link, callee).incarnation = port.incarnation;
    this.#ends.set(pairOf(callee, caller), link);
    this.#ends.set(pairOf(caller, callee), link);
    this.#tell(callee, caller, true);
    this.#tell(caller, callee, true);
    for (const message of link.early) this.#deliver(link, caller, callee, message);
  }

  #deliver(link: Link<Message>, from: NodeId, to: NodeId, message: Message): void {
    const channel = this.#channel;
    this.#carry(link, from, to, () => this.#world.port(to)?.events?.message(channel, from, 0, message) ?? true);
  }

  /** One end is gone: the other hears of it, behind what is under way to it. */
  #leave(link: Link<Message>, other: NodeId): void {
    const gone = link.caller === other ? link.callee : link.caller;
    if (!link.established) {
      // A call that is not through yet is noticed by nobody but the one who waits for it.
      if (link.caller === other) this.#tell(other, gone, false);
      return;
    }
    this.#carry(link, gone, other, () => {
      this.#laneTo(link, other).dead = true;
      this.#down(link, other, gone);
      return true;
    });
  }

  #carry(link: Link<Message>, from: NodeId, to: NodeId, arrive: () => boolean): void {
    const lane = this.#laneTo(link, to);
    const nowMs = this.#world.nowMs();
    // Later by more than the clock's resolution: what is due together may happen in any order.
    lane.arrivesMs = Math.max(nowMs + this.#world.delayMs(), lane.arrivesMs + 0.002);
    this.#world.after(lane.arrivesMs - nowMs, () => {
      if (lane.dead) return;
      lane.held.push(arrive);
      if (lane.held.length === 1 && !this.#world.isCut(from, to)) this.#flush(lane);
    });
  }

  #flush(lane: Lane): void {
    const { held } = lane;
    this.#world.enter(lane.to, lane.incarnation, () => {
      while (held.length > 0 && !lane.dead) {
        if (held[0]?.() === false) {
          this.#world.after(RETRY_MS, () => this.#flush(lane));
          return;
        }
        held.shift();
      }
    });
  }

  #down(link: Link<Message>, id: NodeId, peer: NodeId): void {
    if (this.#ends.get(pairOf(id, peer)) !== link) return;
    this.#ends.delete(pairOf(id, peer));
    this.#tell(id, peer, false);
  }

  #tell(id: NodeId, peer: NodeId, up: boolean): void {
    const port = this.#world.port(id);
    if (port !== undefined) this.#world.enter(id, port.incarnation, () => port.events?.link(this.#channel, peer, up));
  }

  /** The link that one end may use: its own call, or an established one of the other's. */
  #linkBetween(from: NodeId, to: NodeId): Link<Message> | undefined {
    const own = this.#links.get(pairOf(from, to));
    if (own !== undefined) return own;
    const other = this.#links.get(pairOf(to, from));
    return other?.established ? other : undefined;
  }

  #laneTo(link: Link<Message>, to: NodeId): Lane {
    return link.lanes.get(to) as Lane;
  }
}

/** Node ids of simulations are small. */
function pairOf(one: NodeId, other: NodeId): number {
  return one * 0x1_0000 + other;
}
