import {
  type GroupConfig,
  GroupCoordinator,
  type GroupRecord,
  type JoinReply,
  type JoinRequest,
  type SyncReply,
} from '@biquorum/coordinators';
import { MemoryWorld, type VirtualTime } from '@biquorum/platform/testing';

export const config: GroupConfig = {
  sessionTimeoutMsMin: 6_000,
  sessionTimeoutMsMax: 1_800_000,
  initialRebalanceDelayMs: 0,
  sizeMax: 1_000,
  offsetMetadataBytesMax: 4_096,
  offsetsRetentionMs: 7 * 86_400_000,
};

/** A coordinator with a clock that the test moves and a partition that the test can hold up or let fail. */
export class Harness {
  readonly #world: MemoryWorld = new MemoryWorld({ seed: 1 });
  readonly time: VirtualTime = this.#world.time;
  readonly startMs: number;
  readonly log: GroupRecord[] = [];
  readonly coordinator: GroupCoordinator;
  appendError = 'NONE';
  holdAppends = false;
  readonly held: (() => void)[] = [];
  #ids = 0;

  constructor(overrides: Partial<GroupConfig> = {}, replay: readonly GroupRecord[] = []) {
    const { clock, timers } = this.#world.addHost('coordinator').ports;
    this.startMs = clock.wallMs();
    const ports = {
      clock,
      timers,
      uuid: () => `uuid${++this.#ids}`,
      append: (records: readonly GroupRecord[], done: (error: string) => void) => {
        const commit = (): void => {
          if (this.appendError === 'NONE') this.log.push(...records);
          done(this.appendError);
        };
        if (this.holdAppends) this.held.push(commit);
        else commit();
      },
    };
    this.coordinator = new GroupCoordinator(ports, { ...config, ...overrides });
    for (const record of replay) this.coordinator.replay(record);
    this.coordinator.loaded();
  }

  /** Joins; the reply's place is filled when it comes. */
  join(overrides: Partial<JoinRequest> = {}, group = 'g'): { reply?: JoinReply } {
    const place: { reply?: JoinReply } = {};
    const request: JoinRequest = {
      memberId: '',
      groupInstanceId: null,
      clientId: 'client',
      clientHost: '/127.0.0.1',
      sessionTimeoutMs: 10_000,
      rebalanceTimeoutMs: 60_000,
      protocolType: 'consumer',
      protocols: [{ name: 'range', metadata: Uint8Array.of(1) }],
      needsKnownMemberId: false,
      understandsSkipAssignment: true,
      ...overrides,
    };
    this.coordinator.join(group, request, (reply) => {
      if (place.reply !== undefined) throw new Error('a join was answered twice');
      place.reply = reply;
    });
    return place;
  }

  sync(
    memberId: string,
    generation: number,
    assignments: Record<string, number[]> = {},
    groupInstanceId: string | null = null,
  ): { reply?: SyncReply } {
    const place: { reply?: SyncReply } = {};
    const map = new Map(Object.entries(assignments).map(([id, bytes]) => [id, Uint8Array.from(bytes)]));
    const request = { memberId, generation, groupInstanceId, protocolType: null, protocolName: null, assignments: map };
    this.coordinator.sync('g', request, (reply) => {
      if (place.reply !== undefined) throw new Error('a sync was answered twice');
      place.reply = reply;
    });
    return place;
  }

  heartbeat(memberId: string, generation: number, groupInstanceId: string | null = null): string {
    return this.coordinator.heartbeat('g', { memberId, generation, groupInstanceId });
  }

  commit(memberId: string, generation: number, offset: number, topic = 't', expireAtMs: number | null = null): string {
    let answer = 'no answer';
    const offsets = [{ topic, partition: 0, offset, leaderEpoch: -1, metadata: '' }];
    this.coordinator.commit('g', { memberId, generation, groupInstanceId: null }, offsets, expireAtMs, (errors) => {
      answer = errors(0);
    });
    return answer;
  }

  committed(topic = 't', partition = 0, group = 'g'): number | undefined {
    const found = this.coordinator.fetchOffsets(group);
    return 'get' in found ? found.get(topic, partition)?.offset : undefined;
  }

  get state(): string {
    return this.coordinator.describe('g').state;
  }

  /** Forms a stable group of `size` dynamic members; the first leads. */
  async stable(size = 1): Promise<string[]> {
    const joins = Array.from({ length: size }, () => this.join());
    await this.time.runFor(0);
    for (;;) {
      // With no initial delay the first member is alone at first; the others made it rebalance.
      const alone = joins[0]?.reply;
      if (size === 1 || alone === undefined || alone.members.length === size) break;
      joins[0] = this.join({ memberId: alone.memberId });
      await this.time.runFor(0);
    }
    const ids = joins.map((place) => place.reply?.memberId ?? 'no reply');
    const generation = joins[0]?.reply?.generation ?? -1;
    for (const id of ids.slice(1)) this.sync(id, generation);
    this.sync(ids[0] as string, generation, Object.fromEntries(ids.map((id, index) => [id, [index + 1]])));
    return ids;
  }

  get generation(): number {
    const last = [...this.log].reverse().find((record) => record.kind === 'group');
    return last?.kind === 'group' ? (last.value?.generation ?? -1) : -1;
  }
}
