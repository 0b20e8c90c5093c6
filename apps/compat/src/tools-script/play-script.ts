import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CLUSTER_ID } from '../apache/broker.ts';
import type { ToolName, ToolServer } from '../java/tool-server.ts';
import type { MixedCluster } from '../mixed-cluster/cluster.ts';
import { type Substitutions, Transcript } from '../mixed-cluster/transcript.ts';
import type { Chapter, Stage } from './stage.ts';

/** What is played, on what. */
export interface Script<Cluster extends MixedCluster> extends Pick<Stage<Cluster>, 'cluster' | 'load' | 'scratch'> {
  readonly chapters: readonly Chapter<Cluster>[];
  /** What tools are told to reach the government with; undefined where it is no service of its own. */
  readonly government?: readonly string[];
  /** What differs between two clusters of the same form, besides brokers' own places. */
  readonly substitutions: Substitutions;
}

/** How much of a chapter that breaks off is told. */
const STEPS_SHOWN = 5;

/** Plays chapters on a cluster, and returns what the tools said in each. */
export async function playScript<Cluster extends MixedCluster>(
  { cluster: nodes, load, scratch, chapters, government, substitutions: own }: Script<Cluster>,
  tools: ToolServer,
  play: (chapter: Chapter<Cluster>, body: () => Promise<readonly string[]>) => Promise<void>,
): Promise<void> {
  const substitutions = [...own, ...substitutionsFor(nodes, scratch)];
  for (const chapter of chapters) {
    await play(chapter, async () => {
      const transcript = new Transcript(tools, substitutions);
      const run = transcript.run.bind(transcript);
      const stage: Stage<Cluster> = {
        cluster: nodes,
        load,
        scratch,
        plain: run,
        tool: (name, args, step) =>
          run(name, withAddress(name, args, ['--bootstrap-server', nodes.bootstrap.join()]), step),
        toGovernment: async (name, args, step) =>
          government === undefined ? '' : run(name, withAddress(name, args, government), step),
        file: (name, content) => {
          const path = join(scratch, name);
          writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
          return path;
        },
      };
      try {
        await chapter.play(stage);
      } catch (error) {
        throw new Error(`broke off after\n${transcript.steps.slice(-STEPS_SHOWN).join('\n\n')}`, { cause: error });
      }
      return transcript.steps;
    });
  }
}

/** Most tools take their options in any order; some have commands with options of their own. */
function withAddress(name: ToolName, args: readonly string[], address: readonly string[]): readonly string[] {
  return name === 'kafka-cluster' ? [...args, ...address] : [...address, ...args];
}

/** Where brokers are, and ids that were drawn. */
function substitutionsFor(nodes: MixedCluster, scratch: string): Substitutions {
  const places = nodes.brokers.flatMap(
    ({ plan: { id, client }, data, propertiesFile }): Substitutions => [
      [data, `<data of ${id}>`],
      [propertiesFile, `<properties of ${id}>`],
      [client, `<client listener of ${id}>`],
      [String(client.split(':')[1]), `<client port of ${id}>`],
    ],
  );
  return [
    ...places,
    ...WORDS,
    [/adminclient-\d+/g, 'adminclient-<n>'],
    [scratch, '<scratch>'],
    [/TopicId: [\w-]{22}/g, 'TopicId: <id>'],
    [CLUSTER_ID, '<cluster>'],
  ];
}

/** An error's class is compared, and where it is told; what is said about it is in our own words. */
const WORDS: Substitutions = [
  [/(Exception): .*$/g, '$1: <words>'],
  [/(Error while executing topic command) : .*$/g, '$1: <words>'],
];
