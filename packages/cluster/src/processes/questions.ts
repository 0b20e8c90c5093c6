import type { GroupDescription } from '@biquorum/coordinators';
import {
  type BrokerView,
  type ClusterView,
  type ClusterViewFields,
  type ConfigResourceType,
  emptyView,
  type FeatureLevels,
  type NodeId,
  type PartitionState,
  type TopicId,
  ViewDraft,
} from '@biquorum/metadata';
import { assert } from '@biquorum/std';
import type { Inspection, LogDescription, QuorumStanding } from '../inspection.ts';

/** What a process is asked about the node that it runs. */
export type Question =
  | { readonly ask: 'view' }
  | { readonly ask: 'log'; readonly topic: string; readonly partition: number }
  | { readonly ask: 'group'; readonly groupId: string }
  | { readonly ask: 'quorum' };

/** A question as a line of JSON on a process's standard input. */
export type QuestionLine = Question & { readonly id: number };

/** The answer as a line of JSON on its standard output. */
export interface AnswerLine {
  readonly event: 'answer';
  readonly id: number;
  /** Missing where there is nothing to tell. */
  readonly answer?: unknown;
}

/** Answers a line in the process that was asked. */
export async function answerLine(line: string, inspection: Inspection | undefined): Promise<AnswerLine> {
  const { id, ...question } = JSON.parse(line) as QuestionLine;
  return { event: 'answer', id, answer: await answerOf(question, inspection) };
}

/** Asks a process as if the node ran in this one. */
export function inspectionBy(ask: (question: Question) => Promise<unknown>): Inspection {
  return {
    async view() {
      const told = await ask({ ask: 'view' });
      return told === undefined ? undefined : viewOf(told as ToldView);
    },
    log: async (topic, partition) => {
      const told = await ask({ ask: 'log', topic, partition });
      // What is undefined is missing in JSON.
      return told === undefined
        ? undefined
        : ({ topicId: undefined, ...(told as Partial<LogDescription>) } as LogDescription);
    },
    async group(groupId) {
      const told = await ask({ ask: 'group', groupId });
      return told === undefined ? undefined : groupOf(told as ToldGroup);
    },
    quorum: async () => (await ask({ ask: 'quorum' })) as QuorumStanding | undefined,
  };
}

async function answerOf(question: Question, inspection: Inspection | undefined): Promise<unknown> {
  switch (question.ask) {
    case 'view': {
      const view = await inspection?.view();
      return view && tellView(view);
    }
    case 'log':
      return inspection?.log(question.topic, question.partition);
    case 'group': {
      const group = await inspection?.group(question.groupId);
      return group && tellGroup(group);
    }
    case 'quorum':
      return inspection?.quorum();
  }
}

interface ToldView extends Pick<ClusterViewFields, 'clusterId' | 'protocolVersion' | 'controller' | 'complete'> {
  readonly brokers: readonly BrokerView[];
  readonly topics: readonly { name: string; id: TopicId; partitions: readonly PartitionState[] }[];
  readonly configs: readonly (readonly [key: string, values: readonly (readonly [string, string])[]])[];
  readonly features: { readonly levels: readonly (readonly [string, number])[]; readonly epoch: number };
}

function tellView(view: ClusterView): ToldView {
  const { clusterId, protocolVersion, controller, complete, configs, features } = view.fields;
  return {
    clusterId,
    protocolVersion,
    controller,
    complete,
    brokers: [...view.brokers.values()],
    topics: [...view.topics.values()].map((topic) => ({
      name: topic.name,
      id: topic.id,
      partitions: Array.from({ length: topic.partitionCount }, (_, index) => {
        const partition = topic.partition(index);
        assert(partition !== undefined, () => `${topic.name} has no partition ${index}`);
        return partition;
      }),
    })),
    configs: [...configs].map(([key, values]) => [key, [...values]]),
    features: { levels: [...features.levels], epoch: features.epoch },
  };
}

function viewOf(told: ToldView): ClusterView {
  const draft = new ViewDraft(emptyView(told.clusterId));
  for (const broker of told.brokers) draft.setBroker(broker);
  for (const { name, id, partitions } of told.topics) {
    draft.createTopic(name, id);
    for (const [index, partition] of partitions.entries()) draft.setPartition(name, index, partition);
  }
  for (const [key, values] of told.configs) {
    const slash = key.indexOf('/');
    const type = key.slice(0, slash) as ConfigResourceType;
    draft.setConfig({ type, name: key.slice(slash + 1) }, new Map(values));
  }
  const features: FeatureLevels = { levels: new Map(told.features.levels), epoch: told.features.epoch };
  draft.setFeatures(features, told.protocolVersion);
  draft.setController(told.controller as NodeId | 'any-broker');
  if (told.complete) draft.setComplete();
  return draft.finish().view;
}

/** JSON has no bytes. */
type Bytes = 'metadata' | 'assignment';
type Member = GroupDescription['members'][number];
interface ToldGroup extends Omit<GroupDescription, 'members'> {
  readonly members: readonly (Omit<Member, Bytes> & Readonly<Record<Bytes, readonly number[]>>)[];
}

function tellGroup(group: GroupDescription): ToldGroup {
  const members = group.members.map((member) => ({
    ...member,
    metadata: [...member.metadata],
    assignment: [...member.assignment],
  }));
  return { ...group, members };
}

function groupOf(told: ToldGroup): GroupDescription {
  const members = told.members.map((member) => ({
    ...member,
    metadata: Uint8Array.from(member.metadata),
    assignment: Uint8Array.from(member.assignment),
  }));
  return { ...told, members };
}
