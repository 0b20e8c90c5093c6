import type { ToolName } from '../java/tool-server.ts';
import type { MixedCluster } from '../mixed-cluster/cluster.ts';
import type { Load } from '../mixed-cluster/load.ts';
import type { ToolStep } from '../mixed-cluster/transcript.ts';

/** What a chapter of the script works on. */
export interface Stage<Cluster extends MixedCluster = MixedCluster> {
  readonly cluster: Cluster;
  readonly load: Load;
  /** For files that tools are given. */
  readonly scratch: string;
  /** Runs a tool against the brokers. */
  tool(name: ToolName, args: readonly string[], step?: ToolStep): Promise<string>;
  /** Runs a tool against what governs them, where that is a service of its own. */
  toGovernment(name: ToolName, args: readonly string[], step?: ToolStep): Promise<string>;
  /** Runs a tool with nothing added. */
  plain(name: ToolName, args: readonly string[], step?: ToolStep): Promise<string>;
  /** Writes JSON into a file for a tool; returns its path. */
  file(name: string, content: unknown): string;
}

/** One part of the script: what is called, in order. Later parts build on what earlier ones left. */
export interface Chapter<Cluster extends MixedCluster = MixedCluster> {
  readonly title: string;
  play(stage: Stage<Cluster>): Promise<void>;
}

/** The topic that most is done to: a replica of each of three partitions on each broker, and each leads one. */
export const TOPIC = 'first';
