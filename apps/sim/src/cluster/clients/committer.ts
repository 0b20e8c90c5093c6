import { findCoordinatorRequest, findCoordinatorResponse } from '@biquorum/kafka-wire/messages/find-coordinator';
import { offsetCommitRequest, offsetCommitResponse } from '@biquorum/kafka-wire/messages/offset-commit';
import { offsetFetchRequest, offsetFetchResponse } from '@biquorum/kafka-wire/messages/offset-fetch';
import type { LedgerTopic } from '../ledger.ts';
import { isRetriable, Worker, type WorkerParts } from './worker.ts';

const NONE = 0;

/**
 * Commits growing offsets for a group, and looks that no acknowledged one is lost.
 *
 * OffsetFetch names no epoch: a coordinator of old, which has not heard of its successor, answers what it knows. So what
 * is found must be the last offset only once all is well again; before that it may be an older one.
 */
export class Committer extends Worker {
  readonly #groupId: string;
  readonly #topic: LedgerTopic;
  #coordinator: number | undefined;
  #acknowledged = -1;
  /** Everybody has heard of everything: what is found must be what was acknowledged last. */
  #isSettled = false;
  #hasLooked = false;
  /** Offsets of requests without an answer: they may take effect late. */
  readonly #uncertain: Set<number> = new Set();

  constructor(name: string, parts: WorkerParts, topic: LedgerTopic) {
    super(name, parts);
    this.#groupId = name;
    this.#topic = topic;
  }

  /** The offset that was acknowledged last; −1 before the first. */
  get acknowledged(): number {
    return this.#acknowledged;
  }

  /** All is well: looks once more, and ends with what it finds. */
  settle(): void {
    this.#isSettled = true;
    this.#hasLooked = false;
    this.begin();
  }

  protected async work(): Promise<boolean> {
    if (this.#hasLooked) return false;
    const code = this.#coordinator === undefined ? await this.#find() : await this.#commitOrLook(this.#coordinator);
    if (code === NONE) {
      await this.client.pause(this.prng.between(20, 300));
    } else if (isRetriable(code)) {
      this.#coordinator = undefined;
      await this.again(code);
    } else {
      this.refuse(`group ${this.#groupId}`, code as number);
    }
    return true;
  }

  async #find(): Promise<number | undefined> {
    const broker = this.client.anyBroker();
    const body = { key: this.#groupId, keyType: 0 };
    const answer = await this.client.ask(broker, findCoordinatorRequest, findCoordinatorResponse, 3, body);
    if (answer?.errorCode === NONE) this.#coordinator = answer.nodeId;
    return answer?.errorCode;
  }

  #commitOrLook(coordinator: number): Promise<number | undefined> {
    return !this.#isSettled && this.prng.chance(0.5) ? this.#commit(coordinator) : this.#look(coordinator);
  }

  async #commit(coordinator: number): Promise<number | undefined> {
    const committedOffset = this.#acknowledged + 1;
    const row = { partitionIndex: 0, committedOffset, committedMetadata: '' };
    const answer = await this.client.ask(coordinator, offsetCommitRequest, offsetCommitResponse, 8, {
      groupId: this.#groupId,
      generationIdOrMemberEpoch: -1,
      topics: [{ name: this.#topic.name, partitions: [row] }],
    });
    const code = answer?.topics[0]?.partitions[0]?.errorCode;
    if (code === NONE) this.#acknowledged = committedOffset;
    else this.#uncertain.add(committedOffset);
    return code;
  }

  async #look(coordinator: number): Promise<number | undefined> {
    const groups = [{ groupId: this.#groupId, topics: [{ name: this.#topic.name, partitionIndexes: [0] }] }];
    const answer = await this.client.ask(coordinator, offsetFetchRequest, offsetFetchResponse, 8, { groups });
    const group = answer?.groups[0];
    if (group === undefined || group.errorCode !== NONE) return group?.errorCode;
    const found = group.topics[0]?.partitions[0]?.committedOffset ?? -1;
    const isPossible = this.#isSettled ? found === this.#acknowledged : found <= this.#acknowledged;
    if (!isPossible && !this.#uncertain.has(found)) {
      const detail = `group ${this.#groupId}: ${this.#acknowledged} was acknowledged, ${found} is found`;
      this.ledger.verdict.violate('committed offsets are never lost', detail);
    }
    this.#hasLooked = this.#isSettled;
    return NONE;
  }
}
