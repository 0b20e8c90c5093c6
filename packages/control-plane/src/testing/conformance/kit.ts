import type { NodeId, TopicId } from '@biquorum/metadata';
import type { Ports } from '@biquorum/platform';
import type { Registration } from '../../identity.ts';
import type { ControlPlane } from '../../plane.ts';

/** What the suite needs of a test framework: `describe` and `test` of most will do. */
export interface TestFramework {
  describe(title: string, body: () => void): unknown;
  test(title: string, body: () => Promise<void>): unknown;
}

/** A way of governing, as the suite sees it. */
export interface Implementation {
  /** Stands in the titles: `ZooKeeper mode, seed 3`. */
  readonly name: string;

  /** Makes a fresh cluster without brokers, lets `body` use it to its end, and takes it down. */
  use(body: (subject: Subject) => Promise<void>): Promise<void>;
}

/** Where planes may differ although each keeps the contract. */
export interface PlaneTraits {
  /** What an expired session means: a new registration with a larger epoch, or a fence that the next heartbeat lifts. */
  readonly expiry: 'registers-anew' | 'fenced';
  /** Does the deletion of a topic end without the replicas of dead brokers, or wait for their return? */
  readonly deadReplicas: 'skipped' | 'awaited';
  /** Does a withdrawn broker go on leading what nobody else can lead, or is that without a leader at once? */
  readonly withdrawn: 'keeps' | 'leaderless';
}

/** A fresh cluster without brokers, and the ways to disturb it. */
export interface Subject {
  /** Time and chance of the one who looks on. */
  readonly ports: Pick<Ports, 'clock' | 'timers' | 'random'>;
  readonly traits: PlaneTraits;

  /** Starts a process of broker `id`. Where the mode pushes to brokers, what is pushed reaches the plane's `handle`. */
  boot(id: NodeId): BootedPlane;

  /** From now on nobody decides anything; what has been decided may still arrive. */
  loseController(): void;
  /** Somebody decides again, and knows all that was decided. */
  restoreController(): void;
  /** The next so many commands of brokers take effect, but their replies get lost. */
  loseReplies(count: number): void;

  /** Does the government know the outcome of all that it has told this broker's present process to assign? */
  hasConfirmed(id: NodeId): boolean;
  /** Has the deletion of this topic come to its end? */
  isDeleted(topicId: TopicId): boolean;
}

/** One process of a broker: its plane, not opened yet, and what may befall it. */
export interface BootedPlane {
  readonly plane: ControlPlane;
  /** The process's time. */
  readonly ports: Pick<Ports, 'clock' | 'timers'>;
  /** What the broker tells of itself in `enlist`. */
  readonly registration: Registration;
  /** The process is gone, without a farewell: none of its timers, bytes or promises move again. */
  kill(): void;
  /** Cuts all contact of the process with the government, both ways. Its own time goes on. */
  silence(): void;
  /** Takes the contact up again. */
  hear(): void;
  /** Ends the session now, as if the process had been silent for too long; the process itself has noticed nothing. */
  expire(): void;
}

/** One sentence about what every plane does, and how to find out whether it is true. */
export interface Claim {
  readonly title: string;
  readonly check: (subject: Subject) => Promise<void>;
}
