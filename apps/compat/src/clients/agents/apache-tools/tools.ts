import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { formatProperties } from '../../../apache/properties.ts';
import { type Java, QUICK_JVM } from '../../../java/java.ts';
import { type ToolOutcome, ToolRun } from '../kcat/tool-run.ts';

/** What Apache's scripts of these names start. */
const MAIN_CLASSES = {
  'kafka-topics': 'org.apache.kafka.tools.TopicCommand',
  'kafka-configs': 'kafka.admin.ConfigCommand',
  'kafka-get-offsets': 'org.apache.kafka.tools.GetOffsetShell',
  'kafka-consumer-groups': 'org.apache.kafka.tools.consumer.group.ConsumerGroupCommand',
  'kafka-console-producer': 'kafka.tools.ConsoleProducer',
  'kafka-console-consumer': 'org.apache.kafka.tools.consumer.ConsoleConsumer',
} as const;

export type ToolName = keyof typeof MAIN_CLASSES;

/** What a client in a tool logs when it has been made: from now on the tool reads its input. */
const CLIENT_MADE = /AppInfoParser/;

/** Starts tools. */
export interface Tools {
  start(tool: ToolName, args: readonly string[], hearing?: Hearing): ToolRun;
  /** Runs one to its end. */
  run(tool: ToolName, args: readonly string[]): Promise<ToolOutcome>;
}

/** Hears each line of standard output or error as it comes. */
export type Hearing = ConstructorParameters<typeof ToolRun>[2];

/** Tools that log to standard error as Apache's scripts have them do, in a form that can be read. */
export function prepareTools(java: Java, scratch: string): Tools {
  const logging = join(scratch, 'tools-log4j.properties');
  writeFileSync(logging, LOGGING);
  const jvm = [...QUICK_JVM, `-Dlog4j.configuration=file:${logging}`];
  const start: Tools['start'] = (tool, args, hearing) =>
    new ToolRun({ command: 'java', env: {} }, java.arguments(MAIN_CLASSES[tool], args, jvm), hearing);
  return { start, run: (tool, args) => start(tool, args).ended() };
}

/** Resolves to what to hear a run by, and a promise that resolves when the tool has made its client. */
export function untilClientIsMade(): { readonly hearing: Hearing; readonly made: Promise<void> } {
  const { promise: made, resolve } = Promise.withResolvers<void>();
  return {
    made,
    hearing: {
      onNote: (line) => {
        if (CLIENT_MADE.test(line)) resolve();
      },
    },
  };
}

const LOGGING = formatProperties({
  'log4j.rootLogger': 'WARN, stderr',
  'log4j.logger.org.apache.kafka.common.utils.AppInfoParser': 'INFO',
  'log4j.appender.stderr': 'org.apache.log4j.ConsoleAppender',
  'log4j.appender.stderr.target': 'System.err',
  'log4j.appender.stderr.layout': 'org.apache.log4j.PatternLayout',
  'log4j.appender.stderr.layout.ConversionPattern': '%p %m (%c)%n',
});
