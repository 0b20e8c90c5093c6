import type { LinkKind, NodeId, RequestId, Transport, TransportEvents } from '@biquorum/consensus';
import type { Prng } from '@biquorum/std';
import type { Family } from './families.ts';
import { OrderedLinks } from './ordered-links.ts';

/** What the network needs of the world around it. */
export interface NetworkWorld {
  after(delayMs: number, run: () => void): void;
  /** Runs something of a node when it can: now, when it is resumed, or never. */
  enter(node: NodeId, incarnation: number, run: () => void): void;
}

/** One direction of a link on one channel. */
interface Link {
  readonly kind: LinkKind;
  /** When the last message arrives that must not be overtaken. */
  orderedUntilMs: number;
  /** `newest`: what waits for the link to come back. */
  waiting: (() => void) | null;
  /** Counts cuts: what is under way across one is lost. */
  generation: number;
}

interface Port<Message> {
  readonly incarnation: number;
  events: TransportEvents<Message> | null;
}

/**
 * Carries messages as values between nodes, with the faults that each channel's link kind allows. Replies go back to
 * the incarnation that asked, as on a connection.
 */
export class SimulatedNetwork<Message> {
  readonly #world: NetworkWorld;
  readonly #prng: Prng;
  readonly #kinds: ReadonlyMap<string, LinkKind>;
  readonly #ports: Map<NodeId, Port<Message>> = new Map();
  /** By channel, then by direction. */
  readonly #links: Map<string, Map<number, Link>> = new Map();
  /** The links of each channel that keeps an order. */
  readonly #ordered: ReadonlyMap<string, OrderedLinks<Message>>;
  /** Directions that are cut. */
  readonly #cuts: Set<number> = new Set();
  /** Who hears that a process is gone takes it for its end: some clusters look for that, most do not. */
  readonly #detectsEnds: boolean;
  /** Draws the ends that are none: a reset and a refusal prove little. */
  readonly #alarms: Prng;
  #faults: ReadonlySet<Family>;
  readonly #nowMs: () => number;

  constructor(
    world: NetworkWorld,
    prng: Prng,
    kinds: ReadonlyMap<string, LinkKind>,
    faults: ReadonlySet<Family>,
    nowMs: () => number,
  ) {
    this.#world = world;
    this.#prng = prng;
    this.#kinds = kinds;
    this.#faults = faults;
    this.#nowMs = nowMs;
    this.#alarms = prng.fork('silence');
    this.#detectsEnds = this.#alarms.chance(0.25);
    const ordered = new Map<string, OrderedLinks<Message>>();
    for (const [channel, kind] of kinds) {
      if (kind !== 'fifo') continue;
      const links = new OrderedLinks<Message>(channel, {
        after: (delayMs, run) => world.after(delayMs, run),
        nowMs,
        delayMs: () => this.#delayMs(),
        port: (id) => this.#ports.get(id),
        enter: (id, incarnation, run) => world.enter(id, incarnation, run),
        isCut: (from, to) => this.#cuts.has(directionOf(from, to)),
      });
      ordered.set(channel, links);
    }
    this.#ordered = ordered;
  }

  /** The transport of one incarnation of a node. */
  attach(id: NodeId, incarnation: number): Transport<Message> {
    const port: Port<Message> = { incarnation, events: null };
    this.#ports.set(id, port);
    return {
      start: (events) => {
        port.events = events;
        this.#linksOf(id, true, true);
      },
      send: (channel, to, message, request) => {
        const ordered = this.#ordered.get(channel);
        if (ordered === undefined) this.#send(id, port, channel, to, message, request);
        else if (this.#ports.get(id) === port) ordered.send(id, to, message);
      },
      dial: (channel, to) => {
        if (this.#ports.get(id) === port) this.#ordered.get(channel)?.dial(id, to);
      },
      hangUp: (channel, to) => {
        if (this.#ports.get(id) === port) this.#ordered.get(channel)?.hangUp(id, to);
      },
      learn: () => {},
      close: async () => {},
    };
  }

  /**
   * The node is gone: its links go down. Where anything may happen to a message, what it has sent still arrives, and
   * what is on its way to it may find the process that comes after.
   *
   * @param told Whether the others notice at once, as they do when a process is killed; of a power failure they hear
   *   nothing, but for links that promise order.
   */
  detach(id: NodeId, told: boolean): void {
    this.#ports.delete(id);
    for (const ordered of this.#ordered.values()) ordered.detach(id, told);
    for (const links of this.#links.values()) {
      for (const [direction, link] of links) {
        if (link.kind !== 'any' && (fromOf(direction) === id || toOf(direction) === id)) this.#breakLink(link);
      }
    }
    this.#linksOf(id, false, told, told && this.#detectsEnds);
  }

  /** Cuts the direction from one node to another. */
  cut(from: NodeId, to: NodeId): void {
    if (this.#cuts.has(directionOf(from, to))) return;
    this.#cuts.add(directionOf(from, to));
    for (const [channel, kind] of this.#kinds) if (kind !== 'fifo') this.#breakLink(this.#link(channel, from, to));
    // Connections break, or stand still until the cut is over or an end has had enough.
    for (const ordered of this.#ordered.values()) if (this.#prng.chance(0.5)) ordered.break(from, to);
    this.#tell(from, to, false);
    // What stands in between may reset connections and refuse new ones: then a live process is taken for dead.
    if (this.#detectsEnds && this.#alarms.chance(0.3)) this.#alarm(from, to);
  }

  /** Ends all cuts and all faults that are not asked for any more. */
  heal(faults: ReadonlySet<Family> = this.#faults): void {
    this.#faults = faults;
    const cuts = [...this.#cuts];
    this.#cuts.clear();
    for (const direction of cuts) {
      const from = fromOf(direction);
      const to = toOf(direction);
      this.#tell(from, to, true);
      for (const ordered of this.#ordered.values()) ordered.healed(from, to);
      for (const channel of this.#kinds.keys()) {
        const link = this.#link(channel, from, to);
        const { waiting } = link;
        link.waiting = null;
        waiting?.();
      }
    }
  }

  #send(from: NodeId, port: Port<Message>, channel: string, to: NodeId, message: Message, request: RequestId): void {
    this.#carry(channel, from, to, () => {
      const target = this.#ports.get(to);
      if (target === undefined) return;
      this.#world.enter(to, target.incarnation, () => {
        if (request === 0) {
          target.events?.message(channel, from, 0, message);
          return;
        }
        target.events?.request(channel, from, message, (reply) => {
          this.#carry(channel, to, from, () => {
            this.#world.enter(from, port.incarnation, () => port.events?.message(channel, to, request, reply));
          });
        });
      });
    });
  }

  #carry(channel: string, from: NodeId, to: NodeId, deliver: () => void): void {
    const link = this.#link(channel, from, to);
    const prng = this.#prng;
    if (this.#cuts.has(directionOf(from, to))) {
      if (link.kind === 'newest') link.waiting = () => this.#carry(channel, from, to, deliver);
      return;
    }
    const free = link.kind === 'any';
    if (free && this.#faults.has('loss') && prng.chance(0.05)) return;
    this.#deliverLater(link, deliver, free);
    if (free && this.#faults.has('duplication') && prng.chance(0.05)) this.#deliverLater(link, deliver, free);
  }

  #deliverLater(link: Link, deliver: () => void, free: boolean): void {
    const { generation } = link;
    const nowMs = this.#nowMs();
    let arrivesMs = nowMs + this.#delayMs();
    if (!(free && this.#faults.has('reordering'))) {
      // Later by more than the clock's resolution: what is due together may happen in any order.
      arrivesMs = Math.max(arrivesMs, link.orderedUntilMs + 0.002);
      link.orderedUntilMs = arrivesMs;
    }
    this.#world.after(arrivesMs - nowMs, () => {
      if (link.generation === generation) deliver();
    });
  }

  #delayMs(): number {
    const prng = this.#prng;
    const usual = 0.1 + prng.below(2000) / 1000;
    return this.#faults.has('delay') && prng.chance(0.04) ? usual + prng.below(200) : usual;
  }

  #breakLink(link: Link): void {
    link.generation++;
    link.orderedUntilMs = 0;
  }

  #link(channel: string, from: NodeId, to: NodeId): Link {
    let links = this.#links.get(channel);
    if (links === undefined) {
      links = new Map();
      this.#links.set(channel, links);
    }
    const direction = directionOf(from, to);
    let link = links.get(direction);
    if (link === undefined) {
      link = { kind: this.#kinds.get(channel) ?? 'any', orderedUntilMs: 0, waiting: null, generation: 0 };
      links.set(direction, link);
    }
    return link;
  }

  /** A process hears that another one is gone, which it is not. */
  #alarm(id: NodeId, peer: NodeId): void {
    const port = this.#ports.get(id);
    if (port === undefined) return;
    for (const [channel, kind] of this.#kinds) {
      if (kind !== 'any') continue;
      this.#world.enter(id, port.incarnation, () => port.events?.link(channel, peer, false, true));
    }
  }

  /**
   * @param all Whether those are told, too, who lose messages anyway.
   * @param gone Whether it is told as the process's end.
   */
  #linksOf(id: NodeId, up: boolean, all: boolean, gone: boolean = false): void {
    for (const [other, port] of this.#ports) {
      if (other === id) continue;
      for (const [channel, kind] of this.#kinds) {
        if (kind === 'fifo' || (kind === 'any' && !all)) continue;
        this.#world.enter(other, port.incarnation, () => port.events?.link(channel, id, up, gone));
        const mine = this.#ports.get(id);
        if (mine !== undefined) this.#world.enter(id, mine.incarnation, () => mine.events?.link(channel, other, up));
      }
    }
  }

  /** Both ends notice that a link breaks or comes back, sooner or later; here at once. */
  #tell(from: NodeId, to: NodeId, up: boolean): void {
    for (const [channel, kind] of this.#kinds) {
      // Nobody notices a cut where messages may be lost anyway; links that keep an order tell for themselves.
      if (kind !== 'newest') continue;
      for (const [id, other] of [
        [from, to],
        [to, from],
      ] as const) {
        const port = this.#ports.get(id);
        if (port !== undefined) this.#world.enter(id, port.incarnation, () => port.events?.link(channel, other, up));
      }
    }
  }
}

/** Node ids of simulations are small. */
function directionOf(from: NodeId, to: NodeId): number {
  return from * 0x1_0000 + to;
}

function fromOf(direction: number): NodeId {
  return Math.floor(direction / 0x1_0000);
}

function toOf(direction: number): NodeId {
  return direction % 0x1_0000;
}
