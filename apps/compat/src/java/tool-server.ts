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

/** Runs Apache's tools one after the other in one JVM, which spares the start of one for each. */
export class ToolServer implements AsyncDisposable {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #replies: AsyncIterator<string>;
  #last: Promise<unknown> = Promise.resolve();

  constructor(java: Java) {
    this.#child = spawn('java', java.arguments('biquorum.tools.ToolServer', []));
    running.add(this.#child);
    this.#child.once('exit', () => running.delete(this.#child));
    this.#child.stderr.resume();
    this.#replies = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]();
  }

  /** Runs a tool to its end, whatever its status. @throws Error when it does not come to one */
  run(tool: ToolName, args: readonly string[]): Promise<Outcome> {
    const outcome = this.#last.then(() => this.#run(tool, args));
    this.#last = outcome.catch(() => {});
    return outcome;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!running.has(this.#child)) return;
    const ended = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await ended;
  }

  async #run(tool: ToolName, args: readonly string[]): Promise<Outcome> {
    const hung = setTimeout(() => this.#child.kill('SIGKILL'), HUNG_MS);
    try {
      this.#child.stdin.write(`${JSON.stringify({ main: MAIN_CLASSES[tool], args })}\n`);
      const { done, value } = await this.#replies.next();
      if (done === true) throw new Error(`${tool} ${args.join(' ')} did not come to an end`);
      return JSON.parse(value) as Outcome;
    } finally {
      clearTimeout(hung);
    }
  }
}
