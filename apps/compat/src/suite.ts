import type { Ensemble } from './ensemble.ts';
import type { Java } from './java/java.ts';
import type { Tool } from './java/tools.ts';
import type { Mode } from './mode.ts';

/** One body of proof against foreign code. */
export interface Suite {
  /** Name of its file under `suites`, and of the option that chooses it. */
  readonly name: string;
  /** What it proves, in one line. */
  readonly title: string;
  readonly needs: readonly Tool[];
  /** Runs only when it is asked for by name: it measures instead of proving, or takes too long for every day. */
  readonly onDemand?: boolean;
  /**
   * Whole clusters, other people's among them, under real timeouts: on a machine that stalls, one of these may fail
   * though nothing is wrong. With `--retries` such a suite is run again.
   */
  readonly live?: boolean;
  /** Makes its checks one after the other. A throw outside a check counts as a failure of its own. */
  run(context: SuiteContext): Promise<void>;
}

/** What a suite is given. */
export interface SuiteContext {
  /** Seed of everything that is drawn; printed, so that a failure can be had again. */
  readonly seed: number;
  /** Whether to take the time for the long form. */
  readonly full: boolean;
  /** Parts of names of what is wanted of a suite that can do less than all; empty for all. */
  readonly only: readonly string[];
  /** Whether documents that the suite makes are written, instead of compared with what is there. */
  readonly write: boolean;
  /** How the brokers under test are governed, for suites that start them in any mode; undefined for all in turn. */
  readonly mode: Mode | undefined;
  /** At what brokers in ZooKeeper mode meet; undefined for what the suite chooses by itself. */
  readonly ensemble: Ensemble | undefined;
  /** An empty directory that is removed afterwards. */
  readonly scratch: string;
  /** Apache's jars and our Java programs, prepared at first use. */
  java(): Promise<Java>;
  /** Makes one check: it fails by throwing. A text that it returns is shown beside its title. */
  check(title: string, body: () => unknown): Promise<void>;
  /** Prints text, and with `--json` the data that stand behind it. */
  show(text: string, data?: unknown): void;
}
