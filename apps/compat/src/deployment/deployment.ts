import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LOOPBACK } from '../apache/ports.ts';
import { formatProperties, type Properties } from '../apache/properties.ts';
import { ServerProcess } from '../apache/server-process.ts';
import { quietPorts } from './quiet-ports.ts';

/** What a node of a deployment does. */
export type DeployedRole = 'broker' | 'controller';

/** A program that nodes are made of. */
export interface NodeProgram {
  readonly name: 'apache' | 'biquorum';
  readonly readyLine: RegExp;
  /** What this program's nodes are given besides. */
  readonly properties: Properties;
  /** Command and arguments that run a node. */
  command(directory: string, propertiesFile: string): readonly [string, ...string[]];
  /** Makes an id for a cluster. */
  makeClusterId(): Promise<string>;
  /** Makes a node's directory ready. */
  format(clusterId: string, propertiesFile: string): Promise<void>;
}

/** How large it is, and where it lies. */
export interface DeploymentOptions {
  readonly directory: string;
  readonly brokers: number;
  readonly controllers: number;
  /** Given to every node. */
  readonly properties?: Properties;
}

/** One node of a deployment. */
export interface DeployedNode {
  readonly id: number;
  readonly role: DeployedRole;
  /** `host:port` that it listens on. */
  readonly address: string;
  readonly directory: string;
  /** Undefined while it does not run. */
  readonly pid: number | undefined;
}

const FIRST_CONTROLLER = 101;
const READY_TIMEOUT_MS = 600_000;

/** A cluster with a process for each node, of whichever program: brokers from 1 on, controllers from 101 on. */
export class Deployment implements AsyncDisposable {
  readonly program: NodeProgram;
  readonly #nodes: ReadonlyMap<number, Node>;

  private constructor(program: NodeProgram, nodes: readonly Node[]) {
    this.program = program;
    this.#nodes = new Map(nodes.map((node) => [node.id, node]));
  }

  /** Decides on ports, writes properties and formats every node's directory; nothing runs yet. */
  static async format(program: NodeProgram, options: DeploymentOptions): Promise<Deployment> {
    const ports = await quietPorts(options.controllers + options.brokers);
    const controllers = ports.slice(0, options.controllers);
    const voters = controllers.map((port, index) => `${FIRST_CONTROLLER + index}@${LOOPBACK}:${port}`).join(',');
    const nodes = ports.map((port, index) => {
      const role = index < options.controllers ? 'controller' : 'broker';
      const id = role === 'controller' ? FIRST_CONTROLLER + index : index - options.controllers + 1;
      const directory = join(options.directory, `${role}-${id}`);
      const listener = `${role === 'controller' ? 'CONTROLLER' : 'PLAINTEXT'}://${LOOPBACK}:${port}`;
      mkdirSync(directory, { recursive: true });
      writeFileSync(
        join(directory, 'server.properties'),
        formatProperties({
          'process.roles': role,
          'node.id': id,
          'controller.quorum.voters': voters,
          listeners: listener,
          'controller.listener.names': 'CONTROLLER',
          'listener.security.protocol.map': 'CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT',
          'log.dirs': join(directory, 'data'),
          'group.initial.rebalance.delay.ms': 0,
          ...program.properties,
          ...options.properties,
        }),
      );
      return new Node(program, id, role, `${LOOPBACK}:${port}`, directory);
    });
    const clusterId = await program.makeClusterId();
    await Promise.all(nodes.map(({ propertiesFile }) => program.format(clusterId, propertiesFile)));
    return new Deployment(program, nodes);
  }

  get nodes(): readonly DeployedNode[] {
    return [...this.#nodes.values()];
  }

  get brokers(): readonly DeployedNode[] {
    return this.nodes.filter(({ role }) => role === 'broker');
  }

  get controllers(): readonly DeployedNode[] {
    return this.nodes.filter(({ role }) => role === 'controller');
  }

  /** Processes of the nodes that run. */
  get pids(): readonly number[] {
    return this.nodes.flatMap(({ pid }) => pid ?? []);
  }

  /** Starts every node that does not run, all at once, and resolves when each says that it is ready. */
  async startAll(): Promise<void> {
    await Promise.all([...this.#nodes.values()].map((node) => node.start()));
  }

  start(id: number): Promise<void> {
    return this.#node(id).start();
  }

  /** Ends a node with SIGKILL. */
  kill(id: number): Promise<void> {
    return this.#node(id).kill();
  }

  /** Ends every node in order: brokers first, for they hand over to controllers. */
  async stopAll(): Promise<void> {
    const nodes = [...this.#nodes.values()];
    await Promise.all(nodes.filter(({ role }) => role === 'broker').map((node) => node.stop()));
    await Promise.all(nodes.map((node) => node.stop()));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#nodes.values()].map((node) => node.kill()));
  }

  #node(id: number): Node {
    const node = this.#nodes.get(id);
    if (node === undefined) throw new RangeError(`there is no node ${id}`);
    return node;
  }
}

class Node implements DeployedNode {
  readonly id: number;
  readonly role: DeployedRole;
  readonly address: string;
  readonly directory: string;
  readonly propertiesFile: string;
  readonly #program: NodeProgram;
  #server: Promise<ServerProcess> | undefined;
  #pid: number | undefined;

  constructor(program: NodeProgram, id: number, role: DeployedRole, address: string, directory: string) {
    this.#program = program;
    this.id = id;
    this.role = role;
    this.address = address;
    this.directory = directory;
    this.propertiesFile = join(directory, 'server.properties');
  }

  get pid(): number | undefined {
    return this.#pid;
  }

  async start(): Promise<void> {
    if (this.#server !== undefined) return;
    const [command, ...args] = this.#program.command(this.directory, this.propertiesFile);
    this.#server = ServerProcess.start({
      command,
      args,
      cwd: this.directory,
      logFile: join(this.directory, 'server.log'),
      readyLine: this.#program.readyLine,
      readyTimeoutMs: READY_TIMEOUT_MS,
    });
    this.#pid = (await this.#server).pid;
  }

  async kill(): Promise<void> {
    await this.#end((server) => server.kill());
  }

  async stop(): Promise<void> {
    await this.#end((server) => server.stop());
  }

  async #end(how: (server: ServerProcess) => Promise<void>): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    this.#pid = undefined;
    await server?.then(how, () => {});
  }
}
