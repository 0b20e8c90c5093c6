import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Java } from './java.ts';
import type { Outcome } from './run-program.ts';

/** What Apache's scripts of these names start (3.9). */
const MAIN_CLASSES = {
  'kafka-broker-api-versions': 'kafka.admin.BrokerApiVersionsCommand',
  'kafka-cluster': 'org.apache.kafka.tools.ClusterTool',
  'kafka-configs': 'kafka.admin.ConfigCommand',
  'kafka-consumer-groups': 'org.apache.kafka.tools.consumer.group.ConsumerGroupCommand',
  'kafka-delete-records': 'org.apache.kafka.tools.DeleteRecordsCommand',
  'kafka-dump-log': 'kafka.tools.DumpLogSegments',
  'kafka-features': 'org.apache.kafka.tools.FeatureCommand',
  'kafka-get-offsets': 'org.apache.kafka.tools.GetOffsetShell',
  'kafka-leader-election': 'org.apache.kafka.tools.LeaderElectionCommand',
  'kafka-log-dirs': 'org.apache.kafka.tools.LogDirsCommand',
  'kafka-metadata-quorum': 'org.apache.kafka.tools.MetadataQuorumCommand',
  'kafka-reassign-partitions': 'org.apache.kafka.tools.reassign.ReassignPartitionsCommand',
  'kafka-storage': 'kafka.tools.StorageTool',
  'kafka-topics': 'org.apache.kafka.tools.TopicCommand',
  'zookeeper-shell': 'org.apache.zookeeper.ZooKeeperMainWithTlsSupportForKafka',
} as const;

/** A script of Apache's. */
export type ToolName = keyof typeof MAIN_CLASSES;

/** How long one run may take before the tool counts as hung. */
const HUNG_MS = 120_000;

/** Servers that still run, so that none outlives this process. */
const running = new Set<ChildProcessWithoutNullStreams>();
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/**
 * Runs Apache's tools one after the other in one JVM, which spares the start of one for each. A tool that ends the JVM
 * all the same is a failure of its own; the next has another one.
 */
export class ToolServer implements AsyncDisposable {
  readonly #java: Java;
  #server: RunningServer | undefined;
  #last: Promise<unknown> = Promise.resolve();

  constructor(java: Java) {
    this.#java = java;
  }

  /** Runs a tool to its end, whatever its status. @throws Error when it does not come to one */
  run(tool: ToolName, args: readonly string[]): Promise<Outcome> {
    const outcome = this.#last.then(() => this.#run(tool, args));
    this.#last = outcome.catch(() => {});
    return outcome;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const { child } = this.#server ?? {};
    this.#server = undefined;
    if (child === undefined || !running.has(child)) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  }

  async #run(tool: ToolName, args: readonly string[]): Promise<Outcome> {
    this.#server ??= start(this.#java);
    const { child, replies } = this.#server;
    const hung = setTimeout(() => child.kill('SIGKILL'), HUNG_MS);
    try {
      child.stdin.write(`${JSON.stringify({ main: MAIN_CLASSES[tool], args })}\n`);
      const { done, value } = await replies.next();
      if (done !== true) return JSON.parse(value) as Outcome;
      this.#server = undefined;
      throw new Error(`${tool} ${args.join(' ')} did not come to an end in order`);
    } finally {
      clearTimeout(hung);
    }
  }
}

interface RunningServer {
  readonly child: ChildProcessWithoutNullStreams;
  readonly replies: AsyncIterator<string>;
}

function start(java: Java): RunningServer {
  const child = spawn('java', java.arguments('biquorum.tools.ToolServer', []));
  running.add(child);
  child.once('exit', () => running.delete(child));
  child.stdin.on('error', () => {});
  child.stderr.resume();
  return { child, replies: createInterface({ input: child.stdout })[Symbol.asyncIterator]() };
}
