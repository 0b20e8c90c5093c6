/**
 * The layers of Biquorum and the arrows between its packages: `docs/architecture.md` as a table.
 *
 * A package that is planned stands here before it exists, so that its first import is already judged.
 */

/** From the ground up; an arrow never points to a later entry. */
export const layers = ['base', 'pure', 'seam', 'services', 'edge', 'apps'] as const;

/** One floor of the house. */
export type Layer = 'base' | 'pure' | 'seam' | 'services' | 'edge' | 'apps';

/** The two kinds of metadata government. Only `cluster` and what stands above it may know both. */
export type Mode = 'kraft' | 'zookeeper';

/** What one package may touch. */
export interface PackageRule {
  /** Name without the scope, which is also the folder's name. */
  readonly name: string;
  readonly layer: Layer;
  /** One line: what the package is for. Shown for packages that do not exist yet. */
  readonly role: string;
  /** Packages of the same layer that it may import; none unless named here. */
  readonly beside?: readonly string[];
  /**
   * Higher packages whose interface it implements: the only arrows that point up. Such a package gets the implementation
   * handed in and never imports it itself.
   */
  readonly implements?: readonly string[];
  /** When present: the whole list of workspace packages it may import, whatever their layer. */
  readonly only?: readonly string[];
  /** Present when the package belongs to one mode; the other mode's packages, and those of neither, never import it. */
  readonly mode?: Mode;
  /** Node modules that its sources may import anywhere. `platform` has a folder of its own for this instead. */
  readonly nodeModules?: readonly string[];
  /** May depend on packages from outside the workspace. */
  readonly npm?: true;
  /** Folders under the package in which nothing is asynchronous: no promises, no `async`, no `await`. */
  readonly synchronous?: readonly string[];
  /** Words that its code must not contain as a part of any name or string. */
  readonly neverNames?: readonly string[];
}

const src: readonly string[] = ['src'];

/** Every package of the architecture, from the ground up. */
export const packageRules: readonly PackageRule[] = [
  {
    name: 'std',
    layer: 'base',
    role: 'asserts, branded numbers, PRNG, heap, timing wheel, byte reader and writer, CRC-32C',
    synchronous: src,
  },
  {
    name: 'platform',
    layer: 'base',
    role: 'ports as types, their Node and in-memory implementations',
    beside: ['std'],
  },
  {
    name: 'compression',
    layer: 'base',
    role: "Kafka's compression codecs",
    beside: ['std'],
    implements: ['kafka-wire'],
    nodeModules: ['node:zlib'],
    npm: true,
  },
  {
    name: 'kafka-wire',
    layer: 'pure',
    role: 'every Kafka message in every version, record batches, error table',
    synchronous: src,
  },
  {
    name: 'kafka-znodes',
    layer: 'pure',
    role: "Kafka's znode paths and their JSON",
    mode: 'zookeeper',
    synchronous: src,
  },
  {
    name: 'zookeeper-wire',
    layer: 'pure',
    role: "ZooKeeper's client, quorum and election packets",
    mode: 'zookeeper',
    synchronous: src,
  },
  {
    name: 'consensus',
    layer: 'pure',
    role: 'the engine contract, its driver, quorum maths, a replicated state machine over either engine',
  },
  {
    name: 'raft',
    layer: 'pure',
    role: "Kafka's flavour of Raft",
    beside: ['consensus'],
    mode: 'kraft',
    synchronous: src,
  },
  {
    name: 'zab',
    layer: 'pure',
    role: 'leader election, discovery, synchronisation and broadcast of ZooKeeper',
    beside: ['consensus'],
    mode: 'zookeeper',
    synchronous: src,
  },
  {
    name: 'kafka-network',
    layer: 'pure',
    role: "connections of Kafka's protocol: frames, listeners with ordered answers, channels to peers",
  },
  { name: 'log', layer: 'pure', role: "a partition's log in Apache's file formats", beside: ['kafka-wire'] },
  {
    name: 'metadata',
    layer: 'pure',
    role: 'cluster view, metadata image, ISR arithmetic and leader choice',
    beside: ['kafka-wire'],
    synchronous: src,
  },
  {
    name: 'coordinators',
    layer: 'pure',
    role: 'consumer groups and their offsets as state machines over records',
    beside: ['kafka-wire'],
    synchronous: src,
  },
  {
    name: 'control-plane',
    layer: 'seam',
    role: 'the interface between a broker and whatever governs its metadata',
  },
  { name: 'kraft', layer: 'services', role: 'control plane over a Raft quorum', mode: 'kraft' },
  {
    name: 'zookeeper',
    layer: 'services',
    role: 'a ZooKeeper ensemble member over ZAB',
    mode: 'zookeeper',
    synchronous: ['src/tree'],
  },
  {
    name: 'zookeeper-client',
    layer: 'services',
    role: 'a ZooKeeper client: sessions, watches, pipelining',
    beside: ['zookeeper'],
    mode: 'zookeeper',
  },
  {
    name: 'zookeeper-controller',
    layer: 'services',
    role: 'control plane over any ZooKeeper',
    beside: ['zookeeper-client', 'zookeeper'],
    mode: 'zookeeper',
  },
  {
    name: 'broker',
    layer: 'services',
    role: 'listeners, request routing, replica manager, purgatory, coordinator hosting',
    neverNames: ['kraft', 'zookeeper', 'raft', 'zab'],
  },
  {
    name: 'simulator',
    layer: 'edge',
    role: 'one event queue, one seed: schedules, faults, checkers',
    only: ['std', 'platform', 'consensus'],
  },
  { name: 'cluster', layer: 'edge', role: 'a whole cluster in either mode: start, stop, kill, inspect' },
];

/** The programs. They stand above every package and import each other only where `beside` says so. */
export const appRules: readonly PackageRule[] = [
  { name: 'cli', layer: 'apps', role: 'the biquorum command', beside: ['compare'], npm: true },
  {
    name: 'compare',
    layer: 'apps',
    role: 'both modes side by side: runner and web page',
    beside: ['compat'],
    npm: true,
  },
  { name: 'sim', layer: 'apps', role: 'simulated clusters from the command line', npm: true },
  { name: 'bench', layer: 'apps', role: 'the bench runner with its baselines', only: [], npm: true },
  { name: 'compat', layer: 'apps', role: 'proof against Java and foreign clients', npm: true },
  { name: 'docs', layer: 'apps', role: 'the API reference', only: [], npm: true },
  { name: 'workspace', layer: 'apps', role: 'the rules of this workspace', only: [], npm: true },
];

const byName: ReadonlyMap<string, PackageRule> = new Map(
  [...packageRules, ...appRules].map((rule) => [rule.name, rule]),
);

/** The rule of a package by its unscoped name, if the table has one. */
export function ruleOf(name: string): PackageRule | undefined {
  return byName.get(name);
}

/** How high a layer stands; the ground is 0. */
export function heightOf(layer: Layer): number {
  return layers.indexOf(layer);
}

/** Packages that may know both modes: `cluster` and every app. */
export function knowsBothModes(rule: PackageRule): boolean {
  return rule.name === 'cluster' || rule.layer === 'apps';
}
