import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { ApacheZooKeeper } from '../apache/zookeeper.ts';
import { ENSEMBLES, type Ensemble } from '../ensemble.ts';
import type { Java } from '../java/java.ts';
import type { SuiteContext } from '../suite.ts';
import { MixedEnsemble } from '../zookeeper-ensembles/ensemble.ts';
import { type HistoricWrite, readHistory, readLogs } from './history.ts';

const SERVERS = 3;

/** An ensemble that serves, as clusters of any make need it. */
export interface BrokersEnsemble extends AsyncDisposable {
  /** `host:port` of each server, with commas between them. */
  readonly connect: string;
  /** All writes that were carried out so far, in order. */
  history(java: Java): Promise<readonly HistoricWrite[]>;
}

/** Starts an ensemble with its data below a directory; it serves when it is there. */
export async function startEnsemble(make: Ensemble, directory: string): Promise<BrokersEnsemble> {
  if (make === 'ours') return OurEnsemble.start(directory);
  const server = await ApacheZooKeeper.start(directory);
  return {
    connect: server.connect,
    history: (java) => readHistory(java, server),
    [Symbol.asyncDispose]: () => server.kill(),
  };
}

/**
 * Runs a body for each ensemble that a suite is to be played on: the one that was asked for, with `--full` each, and
 * else ours. Titles of its checks say which, and it has a scratch directory of its own.
 */
export async function onEnsembles(
  context: SuiteContext,
  body: (make: Ensemble, context: SuiteContext) => Promise<void>,
): Promise<void> {
  const { ensemble, full } = context;
  const makes = ensemble !== undefined ? [ensemble] : full ? ENSEMBLES : (['ours'] as const);
  for (const make of makes) {
    const scratch = join(context.scratch, `on-${make}`);
    mkdirSync(scratch, { recursive: true });
    const where = make === 'ours' ? 'on three servers of ours' : "on Apache's server";
    await body(make, { ...context, scratch, check: (title, run) => context.check(`${title} (${where})`, run) });
  }
}

/** Three servers of ours, in a process each. */
export class OurEnsemble implements BrokersEnsemble {
  readonly servers: MixedEnsemble;

  private constructor(servers: MixedEnsemble) {
    this.servers = servers;
  }

  /** Starts them with their data below a directory; they serve when it is done. */
  static async start(root: string): Promise<OurEnsemble> {
    const servers = await MixedEnsemble.prepare({ root, makes: Array.from({ length: SERVERS }, () => 'ours') });
    await servers.start();
    await servers.untilServing();
    return new OurEnsemble(servers);
  }

  get connect(): string {
    return this.servers.connect();
  }

  /** The leader has logged what clients have been told of, or is about to: its followers may be a step behind. */
  async history(java: Java): Promise<readonly HistoricWrite[]> {
    const leader = await this.servers.untilServing();
    return readLogs(java, join(leader.data, 'version-2'));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.servers[Symbol.asyncDispose]();
  }
}
