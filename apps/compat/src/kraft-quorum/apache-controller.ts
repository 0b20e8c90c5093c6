import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CLUSTER_ID } from '../apache/broker.ts';
import { LOOPBACK } from '../apache/ports.ts';
import { formatProperties, type Properties } from '../apache/properties.ts';
import { ServerProcess } from '../apache/server-process.ts';
import type { Java } from '../java/java.ts';

const READY_TIMEOUT_MS = 90_000;
const JVM = ['-Xms128m', '-Xmx256m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-Xshare:auto'];

/** Where a controller of a test is, and how it finds the others. */
export interface ControllerPlace {
  readonly id: number;
  readonly port: number;
  /** `controller.quorum.voters` or `controller.quorum.bootstrap.servers`. */
  readonly quorum: Properties;
  /** An empty directory, or one that a controller has used. */
  readonly directory: string;
}

/** Writes a controller's configuration and formats its directory with Apache's tool. Returns the directory's id. */
export async function formatController(
  java: Java,
  { id, port, quorum, directory }: ControllerPlace,
  flags: readonly string[] = [],
): Promise<string> {
  mkdirSync(join(directory, 'data'), { recursive: true });
  const properties: Properties = {
    'process.roles': 'controller',
    'node.id': id,
    listeners: `CONTROLLER://${LOOPBACK}:${port}`,
    'controller.listener.names': 'CONTROLLER',
    'listener.security.protocol.map': 'CONTROLLER:PLAINTEXT',
    'log.dirs': join(directory, 'data'),
    'metadata.log.max.record.bytes.between.snapshots': 2000,
    ...quorum,
  };
  writeFileSync(join(directory, 'server.properties'), formatProperties(properties));
  writeFileSync(join(directory, 'log4j.properties'), LOGGING);
  const config = ['-c', join(directory, 'server.properties')];
  await java.run('kafka.tools.StorageTool', ['format', '-t', CLUSTER_ID, ...config, ...flags]);
  const meta = readFileSync(join(directory, 'data', 'meta.properties'), 'utf8');
  const found = /^directory\.id=(.*)$/m.exec(meta)?.[1];
  if (found === undefined) throw new Error(`${directory} has no directory.id: ${meta}`);
  return found;
}

/** Starts Apache's controller on a directory that was formatted, and waits until it serves. */
export function startApacheController(java: Java, directory: string): Promise<ServerProcess> {
  const jvm = [...JVM, `-Dlog4j.configuration=file:${join(directory, 'log4j.properties')}`];
  return ServerProcess.start({
    command: 'java',
    args: java.arguments('kafka.Kafka', [join(directory, 'server.properties')], jvm),
    cwd: directory,
    logFile: join(directory, 'controller.log'),
    readyLine: /Kafka Server started/,
    readyTimeoutMs: READY_TIMEOUT_MS,
  });
}

/** How often a controller of Apache's was told in its life that its registration is committed. */
export function registrationsOf(directory: string): number {
  const log = readFileSync(join(directory, 'controller.log'), 'utf8');
  return log.match(/acknowledged ControllerRegistrationRequest/g)?.length ?? 0;
}

/** Lines of a controller's log that tell of an error. */
export function errorsOf(directory: string): readonly string[] {
  const lines = readFileSync(join(directory, 'controller.log'), 'utf8').split('\n');
  return lines.filter((line) => /\] (ERROR|FATAL) /.test(line) && !REGISTERS_WITH_WHO_NO_LONGER_LEADS.test(line));
}

/** Apache's controller says so of itself when it stops being the active one while it registers. */
const REGISTERS_WITH_WHO_NO_LONGER_LEADS = /Unexpected error handling request .*apiKey=CONTROLLER_REGISTRATION/;

const LOGGING = formatProperties({
  'log4j.rootLogger': 'INFO, stdout',
  'log4j.appender.stdout': 'org.apache.log4j.ConsoleAppender',
  'log4j.appender.stdout.layout': 'org.apache.log4j.PatternLayout',
  'log4j.appender.stdout.layout.ConversionPattern': '[%d] %p %m (%c)%n',
});
