import type { Effect, EngineKind, Filling, NodeId, Reference, WriteId } from './contract.ts';
import { EngineConfigError } from './errors.ts';
import { FifoLane } from './fifo-lane.ts';
import type { Transport } from './ports.ts';

type Send<Message> = Extract<Effect<Message, never>, { kind: 'send' }>;

/** What the links need of the driver. */
export interface FifoLinksPorts<Message> {
  readonly kind: Pick<EngineKind<Message, never>, 'name' | 'channels' | 'fill'>;
  readonly transport: Transport<Message>;
  fill(reference: Reference, done: (filling: Filling) => void): void;
  /** Takes out of the inbox what has come from a member on a channel. */
  forget(channel: string, peer: NodeId): void;
  /** A link was given up from here: the engine has to hear of it. */
  lost(channel: string, peer: NodeId): void;
}

interface Link<Message> {
  readonly lane: FifoLane<Message, Send<Message>>;
  /** Times that the link went down of which the engine has not heard yet. */
  downs: number;
}

/**
 * The driver's side of links that keep an order: what is sent on one leaves in the order of the effects, and the engine
 * and the transport always mean the same link. What the engine sends before it has heard that a link is down is lost
 * with that link, and never gets onto the next one.
 */
export class FifoLinks<Message> {
  readonly #ports: FifoLinksPorts<Message>;
  readonly #channels: ReadonlySet<string>;
  readonly #links: Map<string, Map<NodeId, Link<Message>>> = new Map();

  /** @throws EngineConfigError when the transport cannot make and end links. */
  constructor(ports: FifoLinksPorts<Message>) {
    this.#ports = ports;
    const { kind, transport } = ports;
    this.#channels = new Set(kind.channels.filter(({ link }) => link === 'fifo').map(({ name }) => name));
    if (this.#channels.size > 0 && (transport.dial === undefined || transport.hangUp === undefined)) {
      throw new EngineConfigError(
        `engine ${kind.name} needs links that keep an order and this transport has none; choose another network`,
      );
    }
  }

  /** Whether a channel's links are of the kind `fifo`. */
  has(channel: string): boolean {
    return this.#channels.has(channel);
  }

  send(effect: Send<Message>, written: WriteId): void {
    const { lane, downs } = this.#link(effect.channel, effect.to);
    if (downs === 0) lane.push(effect, written);
  }

  /** Performs what waited for writes that are on the disk now. */
  release(written: WriteId): void {
    for (const links of this.#links.values()) for (const { lane } of links.values()) lane.release(written);
  }

  dial(channel: string, peer: NodeId): void {
    this.#end(channel, peer);
    this.#ports.transport.dial?.(channel, peer);
  }

  hangUp(channel: string, peer: NodeId): void {
    this.#end(channel, peer);
    this.#ports.transport.hangUp?.(channel, peer);
  }

  /** The transport says that a link went down. */
  wentDown(channel: string, peer: NodeId): void {
    if (!this.has(channel)) return;
    const link = this.#link(channel, peer);
    link.lane.clear();
    link.downs++;
  }

  /** The engine is told now that a link went down. */
  toldDown(channel: string, peer: NodeId): void {
    if (!this.has(channel)) return;
    const link = this.#link(channel, peer);
    link.downs--;
    // Whoever calls and goes, under whatever name, leaves nothing behind.
    if (link.downs === 0 && link.lane.empty) this.#links.get(channel)?.delete(peer);
  }

  #end(channel: string, peer: NodeId): void {
    const link = this.#link(channel, peer);
    link.lane.clear();
    link.downs = 0;
    this.#ports.forget(channel, peer);
  }

  #link(channel: string, peer: NodeId): Link<Message> {
    let links = this.#links.get(channel);
    if (links === undefined) {
      links = new Map();
      this.#links.set(channel, links);
    }
    let link = links.get(peer);
    if (link === undefined) {
      link = { lane: this.#lane(channel, peer), downs: 0 };
      links.set(peer, link);
    }
    return link;
  }

  #lane(channel: string, peer: NodeId): FifoLane<Message, Send<Message>> {
    const { kind, transport, fill, lost } = this.#ports;
    return new FifoLane({
      emit: ({ message, request }, found) => {
        const whole = found === null ? message : kind.fill(message, found.filling, found.reference);
        transport.send(channel, peer, whole, request);
      },
      fill: (reference, done) => {
        if (transport.whenRoom === undefined) fill(reference, done);
        else transport.whenRoom(channel, peer, () => fill(reference, done));
      },
      broken: () => {
        this.hangUp(channel, peer);
        this.#link(channel, peer).downs++;
        lost(channel, peer);
      },
    });
  }
}
