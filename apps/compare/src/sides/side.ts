import type { NodeTally } from '../node/tally.ts';

/** What is compared: our two modes, and Apache Kafka's where Java is present. */
export type SideName = 'zookeeper' | 'kraft' | 'apache-zookeeper' | 'apache-kraft';

/** What cannot be measured on a side, and why. */
export class Missing {
  readonly note: string;

  constructor(note: string) {
    this.note = note;
  }
}

/** How a cluster of a side is made. */
export interface SideOptions {
  readonly brokers: number;
  /** Servers of the ensemble, or controllers. */
  readonly governors: number;
  /** Kafka's keys for all brokers, and for controllers. */
  readonly properties: Readonly<Record<string, string>>;
  /** Gives the start up, where a side can, when it is aborted. */
  readonly signal: AbortSignal;
}

/** A kind of cluster. */
export interface Side {
  readonly name: SideName;
  readonly title: string;
  /** Starts one; resolves when every node says that it serves. */
  start(options: SideOptions): Promise<RunningSide>;
}

/** Why a controller was lost and another found, in ms since what was done to the first one; each part from the last one's end. */
export interface Succession {
  /** Until somebody noticed: its session had ended, or a voter stood for election. */
  readonly detection: number | Missing;
  /** Until another was elected. */
  readonly election: number | Missing;
  /** Until that one knew the cluster and could decide. */
  readonly load: number | Missing;
  /** When it could, by the wall clock. */
  readonly readyAt: number | Missing;
}

/** A cluster that runs, in whichever mode. */
export interface RunningSide extends AsyncDisposable {
  readonly name: SideName;
  /** Brokers that run and are not paused. */
  readonly brokers: readonly { readonly id: number; readonly address: string }[];
  /** Servers of the ensemble, or controllers, running or not. */
  readonly governors: readonly number[];
  /** Processes that run. */
  readonly pids: readonly number[];
  /** Who is the active controller: a broker in ZooKeeper mode, a controller in KRaft mode. */
  controller(): Promise<number>;
  /** The epoch of the active controller: of the quorum in KRaft mode, what `/controller_epoch` says in ZooKeeper mode. */
  controllerEpoch(): Promise<number>;
  /** The one among the governors that the others follow. */
  governorsLeader(): Promise<number>;
  /** Who leads the quorum as this controller sees it; missing in ZooKeeper mode, where brokers show the controller. */
  readonly quorumLeaderBy?: (id: number) => Promise<number | undefined>;
  kill(id: number): Promise<void>;
  pause(id: number): void;
  resume(id: number): void;
  /** In order. */
  stop(id: number): Promise<void>;
  restart(id: number): Promise<void>;
  /** One more broker; its id, when it serves. Undefined where a side knows no such thing. */
  readonly addBroker?: () => Promise<number>;
  /** What its nodes' processes have counted; undefined where nobody counts. */
  readonly tallies?: () => Promise<readonly NodeTally[]>;
  /** Parts these nodes from all others, until healed. */
  readonly cut?: (ids: readonly number[]) => Promise<void>;
  readonly heal?: () => Promise<void>;
  /** To be called before {@link RunningSide.committedAt} is asked. */
  tellCommits(): Promise<void>;
  /** When the creation of a topic was committed, by the wall clock of the nodes, to the millisecond. */
  committedAt(topic: string): Promise<number | Missing>;
  /** How the controller's place went to another since a moment by the wall clock. */
  succession(sinceMs: number): Promise<Succession>;
}
