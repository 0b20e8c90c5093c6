import type { Ports } from '../../ports.ts';

/** What the kit needs of a test framework: `describe` and `test` of most will do. */
export interface TestFramework {
  describe(title: string, body: () => void): unknown;
  test(title: string, body: () => Promise<void>): unknown;
}

/** An implementation of the ports, as the kit sees it. */
export interface Implementation {
  /** Stands in the titles: `Node`. */
  readonly name: string;

  /** Makes fresh ports, lets `body` use them to its end (in whatever time they have), and takes them down. */
  use(body: (subject: Subject) => Promise<void>): Promise<void>;
}

/** Fresh ports, and the surroundings in which to try them. */
export interface Subject {
  readonly ports: Ports;
  /** An empty directory to work in. */
  readonly directory: string;
  /** A name or an address on which these ports can listen, and under which they reach themselves. */
  readonly host: string;
  /** An address that belongs to somebody else. */
  readonly foreignHost: string;
}

/** One sentence about the behaviour of a port, and how to find out whether it is true. */
export interface Claim {
  readonly title: string;
  readonly check: (subject: Subject) => Promise<void>;
}

/** A claim, in few words. */
export function claim(title: string, check: (subject: Subject) => Promise<void>): Claim {
  return { title, check };
}
