import { writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { formatProperties } from '../apache/properties.ts';
import { javaDirectory, resolveClassPath } from '../java/class-path.ts';
import { type Outcome, runProgram } from '../java/run-program.ts';

/** The release that we are compared with. */
export const APACHE_VERSION = '4.3.1';

/** What `kafka-run-class.sh` gives every JVM. */
const PERFORMANCE = [
  '-server',
  '-XX:+UseG1GC',
  '-XX:MaxGCPauseMillis=20',
  '-XX:InitiatingHeapOccupancyPercent=35',
  '-XX:+ExplicitGCInvokesConcurrent',
  '-XX:MaxInlineLevel=15',
  '-Djava.awt.headless=true',
];

/** What it gives a server besides. */
const MANAGEMENT = [
  '-Dcom.sun.management.jmxremote=true',
  '-Dcom.sun.management.jmxremote.authenticate=false',
  '-Dcom.sun.management.jmxremote.ssl=false',
];

/** Heaps as Apache's own start scripts set them. */
const HEAPS = { server: ['-Xmx1G', '-Xms1G'], performanceTool: ['-Xmx512M'], tool: ['-Xmx256M'] };

/** Apache Kafka's servers and tools, called as its own scripts call them. */
export class ApacheKafka {
  readonly #classPath: string;
  readonly #scratch: string;

  private constructor(jars: readonly string[], scratch: string) {
    this.#classPath = jars.join(delimiter);
    this.#scratch = scratch;
  }

  /** Resolves the jars with Maven. @param scratch directory for the logging configuration */
  static async prepare(scratch: string): Promise<ApacheKafka> {
    const jars = await resolveClassPath(join(javaDirectory, 'side-by-side', 'pom.xml'));
    writeFileSync(join(scratch, 'server-log4j2.properties'), logging('info', 'SYSTEM_OUT'));
    writeFileSync(join(scratch, 'tool-log4j2.properties'), logging('warn', 'SYSTEM_ERR'));
    return new ApacheKafka(jars, scratch);
  }

  /** Arguments of `java` that run a server with this file of properties. */
  serverArguments(directory: string, properties: string): readonly string[] {
    const collector = `-Xlog:gc*:file=${join(directory, 'gc.log')}:time,tags:filecount=10,filesize=100M`;
    const jvm = [...HEAPS.server, ...PERFORMANCE, collector, ...MANAGEMENT, `-Dkafka.logs.dir=${directory}`];
    return [...jvm, this.#logging('server'), '-cp', this.#classPath, 'kafka.Kafka', properties];
  }

  /** Runs one of Apache's tools to its end. */
  tool(mainClass: string, args: readonly string[], kind: 'tool' | 'performanceTool' = 'tool'): Promise<Outcome> {
    const jvm = [...HEAPS[kind], ...PERFORMANCE, this.#logging('tool')];
    return runProgram({ command: 'java', args: [...jvm, '-cp', this.#classPath, mainClass, ...args] });
  }

  #logging(kind: 'server' | 'tool'): string {
    return `-Dlog4j2.configurationFile=file:${join(this.#scratch, `${kind}-log4j2.properties`)}`;
  }
}

function logging(level: string, target: string): string {
  return formatProperties({
    'rootLogger.level': level,
    'rootLogger.appenderRef.console.ref': 'console',
    'appender.console.type': 'Console',
    'appender.console.name': 'console',
    'appender.console.target': target,
    'appender.console.layout.type': 'PatternLayout',
    'appender.console.layout.pattern': '[%d] %p %m (%c)%n',
  });
}
