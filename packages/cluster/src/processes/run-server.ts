import { KRAFT_KEYS, ZOOKEEPER_KEYS } from '@biquorum/control-plane';
import { parseProperties } from '@biquorum/log';
import type { Ports, Telemetry } from '@biquorum/platform';
import { createNodePorts, environmentVariable, stderrTelemetry, untilAskedToStop } from '@biquorum/platform/node';
import { inspect } from '../inspection.ts';
import { NodeServer } from '../kraft/node-server.ts';
import type { StartFault } from '../node-start-error.ts';
import { logNodeFindings } from '../review.ts';
import { EnsembleServer, isEnsembleServer } from '../zookeeper/ensemble-server.ts';
import { isZooKeeperMode, ZooKeeperServer } from '../zookeeper/zookeeper-server.ts';
import { type AnswerLine, answerLine } from './questions.ts';

/** What `runServer` needs. */
export interface RunServerOptions {
  /** Path of the properties. */
  readonly file: string;
  /** Over those of the file. */
  readonly overrides?: ReadonlyMap<string, string>;
  /** Told one line of JSON when the node serves. */
  readonly print: (line: string) => void;
  readonly telemetry?: Telemetry;
  /** Put around the ports that the node is given, by those who want to see what goes through them. */
  readonly wrapPorts?: (ports: Ports) => Ports;
  /** Whether the file may be that of a server of a cluster's own ensemble; false by default. */
  readonly ofCluster?: boolean;
  /** See {@link NodeServer.create}; false by default. */
  readonly detectResets?: boolean;
}

/** What a node says when it serves. */
export interface ReadyLine {
  readonly event: 'ready';
  readonly id: number;
  readonly address: string;
}

/** What a node says when it cannot serve. */
export interface FailedLine {
  readonly event: 'failed';
  readonly reason: string;
  readonly code?: StartFault;
}

/** What a node in a process of its own says on its standard output. */
export type NodeLine = ReadyLine | FailedLine | AnswerLine;

/** After the file, for nodes whose cluster wants it. */
export const DETECT_RESETS = '--detect-resets';
/** Set for processes that must not outlive the one that started them. */
export const CHILD_VARIABLE = 'BIQUORUM_CHILD';
const PROPERTIES_BYTES_MAX = 1 << 20;

/**
 * Runs one node by a file of properties until the process is asked to stop, or the node cannot go on.
 *
 * @returns the status to exit with: 0 after an orderly stop
 * @throws what stands in the way of the start
 */
export async function runServer(options: RunServerOptions): Promise<number> {
  const ports = createNodePorts({ telemetry: options.telemetry ?? stderrTelemetry({ level: 'warn' }) });
  try {
    return await serve(options.wrapPorts?.(ports) ?? ports, options);
  } finally {
    await ports.close();
  }
}

async function serve(
  ports: Ports,
  { file, overrides, print, ofCluster = false, detectResets = false }: RunServerOptions,
): Promise<number> {
  const bytes = await ports.disk.readWhole(file, PROPERTIES_BYTES_MAX);
  const properties = new Map([...parseProperties(file, bytes), ...(overrides ?? [])]);
  let halted: (reason: string) => void = () => {};
  const halt = new Promise<string>((resolve) => {
    halted = resolve;
  });
  const isChild = environmentVariable(CHILD_VARIABLE) !== undefined;
  // A cluster tells of what all its nodes are given, once.
  if (!isChild) logNodeFindings(ports.telemetry, properties, isZooKeeperMode(properties) ? ZOOKEEPER_KEYS : KRAFT_KEYS);
  const onHalt = (reason: string): void => halted(reason);
  const create = (): Promise<ZooKeeperServer | NodeServer | EnsembleServer> => {
    if (ofCluster && isEnsembleServer(properties)) return EnsembleServer.create(properties, ports, onHalt);
    if (isZooKeeperMode(properties)) return ZooKeeperServer.create({ properties, ports, onHalt });
    return NodeServer.create({ properties, ports, detectResets, onHalt });
  };
  const server = await create();
  const onLine = (line: string): void => {
    void answerLine(line, inspect(server)).then((answer) => print(JSON.stringify(answer)));
  };
  const asked = untilAskedToStop({ watchInput: isChild, onLine });
  const starting = server.start();
  const outcome = await Promise.race([
    starting.then(() => 'started' as const),
    asked.then(() => 'asked' as const),
    halt.then(() => 'halted' as const),
  ]);
  if (outcome !== 'started') {
    starting.catch(() => {});
    await server.stop();
    return outcome === 'asked' ? 0 : 1;
  }
  const ready: ReadyLine = { event: 'ready', id: server.id, address: server.address };
  print(JSON.stringify(ready));
  const end = await Promise.race([asked.then(() => 0), halt.then(() => 1)]);
  await server.stop();
  return end;
}
