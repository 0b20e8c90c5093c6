import type { LiveMode, LiveNode, LiveRole } from '../src/live/protocol.ts';

/** How the page calls the modes. */
export const MODE_NAMES: Readonly<Record<LiveMode, string>> = { zookeeper: 'ZooKeeper mode', kraft: 'KRaft mode' };

/** How the page calls those who vote. */
export const VOTER_NAMES: Readonly<Record<LiveMode, string>> = { zookeeper: 'ensemble', kraft: 'quorum' };

const ROLE_NAMES: Readonly<Record<LiveRole, string>> = {
  broker: 'broker',
  controller: 'controller',
  zookeeper: 'server',
};

/** `broker 2`, `controller 101`, `server 203`. */
export function nameOf({ id, role }: Pick<LiveNode, 'id' | 'role'>): string {
  return `${ROLE_NAMES[role]} ${id}`;
}

/** Seconds on the one clock. */
export function secondsOf(atMs: number, digits: number = 3): string {
  return (atMs / 1_000).toFixed(digits);
}
