import { type Agent, AgentError, type ConsumedRecord, type PartitionOffset } from '../agent-protocol.ts';

const POLL_MS = 300;
const POLL_RECORDS = 500;

/** Codes that a member may get for a commit while its group rebalances; it polls on. */
const REBALANCING: ReadonlySet<number | null> = new Set([
  22, // ILLEGAL_GENERATION
  25, // UNKNOWN_MEMBER_ID
  27, // REBALANCE_IN_PROGRESS
]);

/** A member of a group, and what it read. */
export class Member {
  readonly agent: Agent;
  /** Everything that it handed out, in order. */
  readonly read: ConsumedRecord[] = [];

  constructor(agent: Agent) {
    this.agent = agent;
  }

  async join(groupId: string, topics: readonly string[], maxRecords?: number): Promise<void> {
    await this.agent.ask('subscribe', {
      groupId,
      topics,
      sessionTimeoutMs: 5_000,
      heartbeatIntervalMs: 500,
      ...(maxRecords === undefined ? {} : { maxRecords }),
    });
  }

  /** Takes what there is; what is not counted is as if the caller had crashed over it. */
  async poll(): Promise<readonly ConsumedRecord[]> {
    const { records } = await this.agent.ask('poll', { maxRecords: POLL_RECORDS, timeoutMs: POLL_MS });
    return records;
  }

  /** Takes what there is and commits behind it, if the client lets callers commit. */
  async step(): Promise<void> {
    const records = await this.poll();
    this.read.push(...records);
    if (this.agent.hello.lacks['explicit-commit'] !== undefined || records.length === 0) return;
    try {
      await this.agent.ask('commit', { offsets: nextOffsets(records) });
    } catch (error) {
      if (!(error instanceof AgentError) || !(REBALANCING.has(error.code) || isRebalance(error))) throw error;
    }
  }

  leave(): Promise<unknown> {
    return this.agent.ask('leave', {});
  }
}

/** The offset behind the last record of each partition. */
export function nextOffsets(records: readonly ConsumedRecord[]): readonly PartitionOffset[] {
  const next = new Map<string, PartitionOffset>();
  for (const { topic, partition, offset } of records)
    next.set(`${topic}-${partition}`, { topic, partition, offset: offset + 1 });
  return [...next.values()];
}

/** Some clients know by themselves that their group rebalances, and tell it under a name of their own. */
function isRebalance({ name, message }: AgentError): boolean {
  return /rebalanc|generation|commitfailed|unknown.?member/i.test(`${name} ${message}`);
}
