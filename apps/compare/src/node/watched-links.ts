import { FrameCounter, type MessageCounter, PeerLinkCounter } from './message-counter.ts';
import type { Tally } from './tally.ts';

/** What a node is, and what it dials, as its properties say it. */
export interface NodeFacts {
  readonly role: 'broker' | 'controller' | 'zookeeper';
  /** `host:port` of ZooKeeper's servers or of controllers. */
  readonly government: ReadonlySet<string>;
}

/** Counters for both directions of one connection that a node has dialled. */
export interface LinkCounters {
  readonly sent: MessageCounter;
  readonly received: MessageCounter;
}

const SIZE_BYTES = 4;

/** Reads who governs from the properties of a node, in either mode. */
export function factsOf(properties: ReadonlyMap<string, string>): NodeFacts {
  if (properties.has('clientPort')) return { role: 'zookeeper', government: new Set() };
  const [servers = ''] = (properties.get('zookeeper.connect') ?? '').split('/');
  const voters = (properties.get('controller.quorum.voters') ?? '').split(',').map((one) => one.replace(/^\d+@/, ''));
  return {
    role: properties.get('process.roles') === 'controller' ? 'controller' : 'broker',
    government: new Set([...servers.split(','), ...voters].filter((one) => one !== '')),
  };
}

/** How a connection to this address is counted. */
export function countersFor(facts: NodeFacts, address: string, tally: Tally): LinkCounters {
  if (facts.role === 'zookeeper') {
    const message = (): void => tally.message('control', 0);
    const counted = (inner: MessageCounter): MessageCounter => ({
      push(chunk) {
        tally.bytes('control', chunk.length);
        inner.push(chunk);
      },
    });
    return {
      sent: counted(new PeerLinkCounter(true, message)),
      received: counted(new PeerLinkCounter(false, message)),
    };
  }
  if (facts.role === 'controller' || facts.government.has(address)) {
    const counter = (): MessageCounter => new FrameCounter((_, size) => tally.message('control', size + SIZE_BYTES));
    return { sent: counter(), received: counter() };
  }
  return brokerLink(tally);
}

/** Replicas fetch from leaders by these APIs; everything else that brokers say to one another is about metadata. */
const REPLICATION: ReadonlySet<number> = new Set([1, 2, 23]);

/** Between brokers; answers come in the order of the requests. */
function brokerLink(tally: Tally): LinkCounters {
  const asked: ('control' | 'replication')[] = [];
  return {
    sent: new FrameCounter((head, size) => {
      const api = ((head[0] as number) << 8) | (head[1] as number);
      const kind = REPLICATION.has(api) ? 'replication' : 'control';
      asked.push(kind);
      tally.message(kind, size + SIZE_BYTES);
    }),
    received: new FrameCounter((_, size) => tally.message(asked.shift() ?? 'control', size + SIZE_BYTES)),
  };
}
