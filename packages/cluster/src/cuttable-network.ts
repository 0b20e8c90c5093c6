import type { Network, Ports } from '@biquorum/platform';
import { linkNetwork } from './linked-network.ts';
import { Links } from './links.ts';

/** The network of a process that is a node by itself, and what cuts it. */
export interface CuttableNetwork {
  readonly network: Network;
  /**
   * From now on exactly these ports are cut off: what was dialled to them goes silent in both directions, as if packets
   * were lost, and goes on when all is healed, as TCP does. An empty list heals all.
   */
  cut(ports: readonly number[]): void;
}

/** No port is this. */
const SELF = -1;

/**
 * Makes the network of one process one from which ports can be cut off. A node cuts what it has dialled itself; that the
 * nodes on the other side do so too makes a cut whole.
 */
export function cuttableNetwork({ network, timers }: Pick<Ports, 'network' | 'timers'>): CuttableNetwork {
  const links = new Links({ oneSided: true });
  return {
    network: linkNetwork(network, links, SELF, timers),
    cut(ports) {
      // Each port that is dialled stands for the node behind it.
      for (const port of ports) links.claim(port, port);
      links.cutOnly(ports);
    },
  };
}
