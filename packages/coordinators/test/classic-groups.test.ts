import type { JoinRequest } from '@biquorum/coordinators';
import { describe, expect, test } from 'vitest';
import { Harness } from './harness.ts';

describe('joining', () => {
  test('a dynamic member of version 4 or later is given an id first and joins with it', async () => {
    const it = new Harness();
    const first = it.join({ needsKnownMemberId: true });
    expect(first.reply).toMatchObject({ error: 'MEMBER_ID_REQUIRED', memberId: 'client-uuid1', generation: -1 });
    const second = it.join({ needsKnownMemberId: true, memberId: 'client-uuid1' });
    await it.time.runFor(0);
    expect(second.reply).toMatchObject({
      error: 'NONE',
      memberId: 'client-uuid1',
      leader: 'client-uuid1',
      generation: 1,
    });
  });

  test('an id that was handed out and not used is taken back after the session timeout', async () => {
    const it = new Harness();
    it.join({ needsKnownMemberId: true });
    await it.time.runFor(10_001);
    expect(it.join({ needsKnownMemberId: true, memberId: 'client-uuid1' }).reply?.error).toBe('UNKNOWN_MEMBER_ID');
  });

  test('members that join within the initial delay are assigned together, and only the leader is told of the others', async () => {
    const it = new Harness({ initialRebalanceDelayMs: 3_000 });
    const one = it.join();
    await it.time.runFor(2_000);
    const two = it.join();
    await it.time.runFor(3_999);
    expect(one.reply).toBeUndefined();
    await it.time.runFor(1);
    expect(one.reply?.members.map((member) => member.memberId)).toEqual(['client-uuid1', 'client-uuid2']);
    expect(two.reply).toMatchObject({ error: 'NONE', generation: 1, leader: 'client-uuid1', members: [] });
  });

  test('the initial delay is prolonged by newcomers up to the rebalance timeout and no longer', async () => {
    const it = new Harness({ initialRebalanceDelayMs: 3_000 });
    const first = it.join({ rebalanceTimeoutMs: 7_000 });
    for (let second = 0; second < 6; second++) {
      await it.time.runFor(1_000);
      it.join({ rebalanceTimeoutMs: 7_000 });
    }
    await it.time.runFor(999);
    expect(first.reply).toBeUndefined();
    await it.time.runFor(1);
    expect(first.reply?.members).toHaveLength(7);
  });

  test.each([
    ['an empty group id', { group: '' }, 'INVALID_GROUP_ID'],
    ['a session timeout that is too short', { sessionTimeoutMs: 5_999 }, 'INVALID_SESSION_TIMEOUT'],
    ['a session timeout that is too long', { sessionTimeoutMs: 1_800_001 }, 'INVALID_SESSION_TIMEOUT'],
    ['a member id nobody gave', { memberId: 'stranger' }, 'UNKNOWN_MEMBER_ID'],
    ['no protocol', { protocols: [] }, 'INCONSISTENT_GROUP_PROTOCOL'],
    ['no protocol type', { protocolType: '' }, 'INCONSISTENT_GROUP_PROTOCOL'],
  ])('with %s is refused', (_what, { group = 'g', ...request }: Partial<JoinRequest> & { group?: string }, error) => {
    expect(new Harness().join(request, group).reply?.error).toBe(error);
  });

  test('with another protocol type or no common protocol is refused', async () => {
    const it = new Harness();
    await it.stable();
    expect(it.join({ protocolType: 'connect' }).reply?.error).toBe('INCONSISTENT_GROUP_PROTOCOL');
    const sticky = [{ name: 'sticky', metadata: Uint8Array.of(1) }];
    expect(it.join({ protocols: sticky }).reply?.error).toBe('INCONSISTENT_GROUP_PROTOCOL');
  });

  test('a full group takes nobody in', async () => {
    const it = new Harness({ sizeMax: 1 });
    await it.stable();
    expect(it.join().reply?.error).toBe('GROUP_MAX_SIZE_REACHED');
  });

  test('the protocol with most first votes among those that all can follow is chosen', async () => {
    const it = new Harness({ initialRebalanceDelayMs: 1_000 });
    const protocols = (...names: string[]) => ({
      protocols: names.map((name) => ({ name, metadata: Uint8Array.of(1) })),
    });
    const one = it.join(protocols('only-mine', 'range', 'sticky'));
    it.join(protocols('sticky', 'range'));
    it.join(protocols('sticky', 'range'));
    await it.time.runFor(2_000);
    expect(one.reply?.protocolName).toBe('sticky');
  });

  test('a second member makes the first join again, and one that does not is dropped after the rebalance timeout', async () => {
    const it = new Harness();
    const [first] = await it.stable();
    const second = it.join();
    expect(it.state).toBe('PreparingRebalance');
    expect(it.heartbeat(first as string, 1)).toBe('REBALANCE_IN_PROGRESS');
    for (let waited = 0; waited < 60_000; waited += 5_000) {
      it.heartbeat(first as string, 1);
      await it.time.runFor(5_000);
    }
    expect(second.reply).toMatchObject({ error: 'NONE', generation: 2, leader: second.reply?.memberId });
    expect(second.reply?.members).toHaveLength(1);
  });

  test('a follower of a stable group that joins unchanged is told the present generation without a rebalance', async () => {
    const it = new Harness();
    const [, follower] = await it.stable(2);
    const { generation } = it;
    const again = it.join({ memberId: follower as string });
    expect(again.reply).toMatchObject({ error: 'NONE', generation });
    expect(it.state).toBe('Stable');
  });

  test('the leader of a stable group that joins again starts a rebalance: its topics may have changed', async () => {
    const it = new Harness();
    const [leader] = await it.stable(2);
    it.join({ memberId: leader as string });
    expect(it.state).toBe('PreparingRebalance');
  });
});

describe('synchronising', () => {
  test('everybody gets its part once the leader has brought the assignment and it is stored', async () => {
    const it = new Harness();
    const one = it.join();
    await it.time.runFor(0);
    it.holdAppends = true;
    const reply = it.sync(one.reply?.memberId as string, 1, { [one.reply?.memberId as string]: [9, 9] });
    expect(reply.reply).toBeUndefined();
    for (const commit of it.held) commit();
    expect(reply.reply).toMatchObject({ error: 'NONE', assignment: Uint8Array.of(9, 9) });
    expect(it.state).toBe('Stable');
    expect(it.log).toMatchObject([{ kind: 'group', group: 'g', value: { generation: 1, protocolName: 'range' } }]);
  });

  test('an assignment that could not be stored is told to nobody, and all join again', async () => {
    const it = new Harness();
    const one = it.join();
    await it.time.runFor(0);
    it.appendError = 'COORDINATOR_NOT_AVAILABLE';
    const id = one.reply?.memberId as string;
    expect(it.sync(id, 1, { [id]: [1] }).reply?.error).toBe('COORDINATOR_NOT_AVAILABLE');
    expect(it.state).toBe('PreparingRebalance');
  });

  test('an assignment stored after another round began is dropped', async () => {
    const it = new Harness();
    const one = it.join();
    await it.time.runFor(0);
    const id = one.reply?.memberId as string;
    it.holdAppends = true;
    const sync = it.sync(id, 1, { [id]: [1] });
    it.join();
    expect(sync.reply?.error).toBe('REBALANCE_IN_PROGRESS');
    for (const commit of it.held) commit();
    expect(it.state).toBe('PreparingRebalance');
  });

  test.each([
    ['of another generation', { generation: 7 }, 'ILLEGAL_GENERATION'],
    ['of a stranger', { memberId: 'stranger' }, 'UNKNOWN_MEMBER_ID'],
    ['with another protocol type', { protocolType: 'connect' }, 'INCONSISTENT_GROUP_PROTOCOL'],
    ['with another protocol', { protocolName: 'sticky' }, 'INCONSISTENT_GROUP_PROTOCOL'],
  ])('%s is refused', async (_what, claim, error) => {
    const it = new Harness();
    const [member] = await it.stable();
    const request = {
      memberId: member as string,
      generation: 1,
      groupInstanceId: null,
      protocolType: null,
      protocolName: null,
      assignments: new Map(),
      ...claim,
    };
    let answer = '';
    it.coordinator.sync('g', request, (reply) => {
      answer = reply.error;
    });
    expect(answer).toBe(error);
  });

  test('who never asks for its assignment is dropped after the rebalance timeout', async () => {
    const it = new Harness({ initialRebalanceDelayMs: 100 });
    const one = it.join({ sessionTimeoutMs: 1_000_000 });
    it.join({ sessionTimeoutMs: 1_000_000 });
    await it.time.runFor(1_000);
    const id = one.reply?.memberId as string;
    it.sync(id, 1, { [id]: [1] });
    expect(it.state).toBe('Stable');
    await it.time.runFor(60_000);
    expect(it.state).toBe('PreparingRebalance');
    expect(it.coordinator.describe('g').members.map((member) => member.memberId)).toEqual([id]);
  });
});

describe('sessions', () => {
  test('a member whose heartbeats stop is out after its session timeout, and the rest join again', async () => {
    const it = new Harness();
    const [leader, follower] = await it.stable(2);
    const { generation } = it;
    for (let waited = 0; waited < 11_000; waited += 1_000) {
      await it.time.runFor(1_000);
      it.heartbeat(leader as string, generation);
    }
    expect(it.state).toBe('PreparingRebalance');
    expect(it.heartbeat(follower as string, generation)).toBe('UNKNOWN_MEMBER_ID');
  });

  test('the last one to leave leaves the group empty', async () => {
    const it = new Harness();
    const [member] = await it.stable();
    expect(it.coordinator.leave('g', member as string, null)).toBe('NONE');
    await it.time.runFor(60_000);
    expect(it.state).toBe('Empty');
    expect(it.heartbeat(member as string, 1)).toBe('UNKNOWN_MEMBER_ID');
  });

  test('heartbeats are checked: stranger, other generation, unknown group', async () => {
    const it = new Harness();
    expect(it.heartbeat('nobody', 1)).toBe('UNKNOWN_MEMBER_ID');
    const [member] = await it.stable();
    expect(it.heartbeat('stranger', 1)).toBe('UNKNOWN_MEMBER_ID');
    expect(it.heartbeat(member as string, 2)).toBe('ILLEGAL_GENERATION');
    expect(it.heartbeat(member as string, 1)).toBe('NONE');
  });
});

describe('static members', () => {
  async function staticGroup(): Promise<{ it: Harness; id: string }> {
    const it = new Harness();
    const joined = it.join({ groupInstanceId: 'i1' });
    await it.time.runFor(0);
    const id = joined.reply?.memberId as string;
    it.sync(id, 1, { [id]: [5] }, 'i1');
    return { it, id };
  }

  test('one that restarts takes over its assignment without a rebalance, and its predecessor is fenced', async () => {
    const { it, id } = await staticGroup();
    const again = it.join({ groupInstanceId: 'i1' });
    expect(again.reply).toMatchObject({ error: 'NONE', generation: 1, skipAssignment: true });
    const fresh = again.reply?.memberId as string;
    expect(fresh).not.toBe(id);
    expect(it.state).toBe('Stable');
    expect(it.heartbeat(id, 1, 'i1')).toBe('FENCED_INSTANCE_ID');
    expect(it.sync(fresh, 1, {}, 'i1').reply?.assignment).toEqual(Uint8Array.of(5));
  });

  test('an older client that restarts as leader is told that its predecessor leads, so that it does not assign', async () => {
    const { it, id } = await staticGroup();
    const again = it.join({ groupInstanceId: 'i1', understandsSkipAssignment: false });
    expect(again.reply).toMatchObject({ error: 'NONE', leader: id, members: [], skipAssignment: false });
  });

  test('one that restarts with another subscription makes the group rebalance', async () => {
    const { it } = await staticGroup();
    const other = [{ name: 'range', metadata: Uint8Array.of(2) }];
    const again = it.join({ groupInstanceId: 'i1', protocols: other });
    await it.time.runFor(0);
    expect(again.reply).toMatchObject({ error: 'NONE', generation: 2 });
  });

  test('one that is away is only removed when its session ends', async () => {
    const { it } = await staticGroup();
    it.join();
    await it.time.runFor(9_000);
    expect(it.coordinator.describe('g').members).toHaveLength(2);
    await it.time.runFor(1_001);
    expect(it.coordinator.describe('g').members).toHaveLength(1);
  });

  test('leaves by its instance id', async () => {
    const { it } = await staticGroup();
    expect(it.coordinator.leave('g', '', 'other')).toBe('UNKNOWN_MEMBER_ID');
    expect(it.coordinator.leave('g', '', 'i1')).toBe('NONE');
    expect(it.coordinator.describe('g').members).toHaveLength(0);
  });
});

describe('offsets', () => {
  test('of a member are committed in its generation only', async () => {
    const it = new Harness();
    const [member] = await it.stable();
    expect(it.commit(member as string, 1, 42)).toBe('NONE');
    expect(it.committed()).toBe(42);
    expect(it.commit(member as string, 2, 43)).toBe('ILLEGAL_GENERATION');
    expect(it.commit('stranger', 1, 43)).toBe('UNKNOWN_MEMBER_ID');
    expect(it.commit('', -1, 43)).toBe('UNKNOWN_MEMBER_ID');
    expect(it.committed()).toBe(42);
  });

  test('of a client that is no member are committed while the group is empty, and make the group', () => {
    const it = new Harness();
    expect(it.commit('', -1, 7)).toBe('NONE');
    expect(it.committed()).toBe(7);
    expect(it.coordinator.list()).toEqual([{ groupId: 'g', protocolType: '', state: 'Empty' }]);
  });

  test('that could not be written are not committed, and leave no group behind', () => {
    const it = new Harness();
    it.appendError = 'NOT_COORDINATOR';
    expect(it.commit('', -1, 7)).toBe('NOT_COORDINATOR');
    expect(it.committed()).toBeUndefined();
    expect(it.coordinator.list()).toEqual([]);
  });

  test('are not visible before they are committed', () => {
    const it = new Harness();
    it.holdAppends = true;
    it.commit('', -1, 7);
    expect(it.committed()).toBeUndefined();
    for (const commit of it.held) commit();
    expect(it.committed()).toBe(7);
  });

  test('whose commit fails leave the group to a commit that is under way', () => {
    const it = new Harness();
    it.holdAppends = true;
    it.commit('', -1, 7);
    it.commit('', -1, 8, 'u');
    it.appendError = 'NOT_COORDINATOR';
    it.held.pop()?.();
    it.appendError = 'NONE';
    it.held.pop()?.();
    expect(it.committed()).toBe(7);
    expect(it.coordinator.list()).toHaveLength(1);
  });

  test('do not expire while a newer commit of the same partition is under way', async () => {
    const it = new Harness({ offsetsRetentionMs: 1_000 });
    it.commit('', -1, 7);
    await it.time.runFor(2_000);
    it.holdAppends = true;
    it.commit('', -1, 8);
    it.coordinator.expire();
    for (const commit of it.held) commit();
    expect(it.committed()).toBe(8);
    expect(new Harness({}, it.log).committed()).toBe(8);
  });

  test('take their group with them when the last is deleted from an empty one, also in what is written', async () => {
    const it = new Harness();
    const [member] = await it.stable();
    it.commit(member as string, 1, 7);
    it.commit(member as string, 1, 8, 'u');
    it.coordinator.leave('g', member as string, null);
    expect(it.state).toBe('Empty');
    const remove = (topic: string): string => {
      const twice = [0, 1].map(() => ({ topic, partition: 0 }));
      let answer = 'no answer';
      it.coordinator.deleteOffsets('g', twice, (error, errorOf) => {
        answer = `${error} ${errorOf(0)}`;
      });
      return answer;
    };
    expect(remove('t')).toBe('NONE NONE');
    expect(it.state).toBe('Empty');
    it.holdAppends = true;
    remove('u');
    expect(it.state).toBe('Empty');
    for (const commit of it.held) commit();
    expect(it.state).toBe('Dead');
    expect(remove('u')).toBe('GROUP_ID_NOT_FOUND NONE');
    expect(new Harness({}, it.log).coordinator.list()).toEqual([]);
  });

  test('take their group with them when their topic is deleted, unless it has members', async () => {
    const it = new Harness();
    it.commit('', -1, 7);
    it.coordinator.topicDeleted('t');
    expect(it.coordinator.list()).toEqual([]);

    const [member] = await it.stable();
    it.commit(member as string, 1, 7);
    it.coordinator.topicDeleted('t');
    expect(it.committed()).toBeUndefined();
    expect(it.state).toBe('Stable');
  });

  test('can be stored under the empty name, where nobody can be a member', () => {
    const it = new Harness();
    const answers: string[] = [];
    const offsets = [{ topic: 't', partition: 0, offset: 3, leaderEpoch: -1, metadata: '' }];
    const nobody = { memberId: '', generation: -1, groupInstanceId: null };
    it.coordinator.commit('', nobody, offsets, null, (errorOf) => answers.push(errorOf(0)));
    expect(it.committed('t', 0, '')).toBe(3);
    expect(it.coordinator.describe('')).toMatchObject({ error: 'NONE', state: 'Empty' });
    it.coordinator.delete('', (error) => answers.push(error));
    expect(answers).toEqual(['NONE', 'NONE']);
    expect(it.coordinator.list()).toEqual([]);
    expect(it.join({}, '').reply?.error).toBe('INVALID_GROUP_ID');
    expect(it.coordinator.heartbeat('', { ...nobody, memberId: 'm', generation: 1 })).toBe('INVALID_GROUP_ID');
  });

  test('with too much metadata are refused one by one', () => {
    const it = new Harness();
    const offset = { topic: 't', partition: 0, offset: 1, leaderEpoch: -1, metadata: '' };
    let errors: string[] = [];
    it.coordinator.commit(
      'g',
      { memberId: '', generation: -1, groupInstanceId: null },
      [offset, { ...offset, partition: 1, metadata: 'x'.repeat(4_097) }],
      null,
      (errorOf) => {
        errors = [errorOf(0), errorOf(1)];
      },
    );
    expect(errors).toEqual(['NONE', 'OFFSET_METADATA_TOO_LARGE']);
  });

  test('survive a change of coordinator, with the members of the last generation', async () => {
    const before = new Harness();
    const ids = await before.stable(2);
    const { generation } = before;
    before.commit(ids[0] as string, generation, 11);
    const after = new Harness({}, before.log);
    expect(after.committed()).toBe(11);
    expect(after.state).toBe('Stable');
    for (const id of ids) expect(after.heartbeat(id, generation)).toBe('NONE');
    expect(after.sync(ids[1] as string, generation).reply?.assignment).toEqual(Uint8Array.of(2));
    await after.time.runFor(10_001);
    expect(after.coordinator.describe('g').members).toHaveLength(0);
  });

  test('of an empty group expire when it has been empty for the retention time; of a storing client, from the commit', async () => {
    const it = new Harness({ offsetsRetentionMs: 1_000_000 });
    const [member] = await it.stable();
    it.commit(member as string, 1, 1);
    await it.time.runFor(5_000);
    it.coordinator.leave('g', member as string, null);
    await it.time.runFor(900_000);
    it.coordinator.expire();
    expect(it.committed()).toBe(1);
    await it.time.runFor(200_000);
    it.coordinator.expire();
    expect(it.committed()).toBeUndefined();
    expect(it.coordinator.list()).toEqual([]);
    expect(it.log.slice(-2)).toEqual([
      { kind: 'offset', group: 'g', topic: 't', partition: 0, value: null },
      { kind: 'group', group: 'g', value: null },
    ]);
  });

  test('with a retention time of their own expire then', async () => {
    const it = new Harness();
    it.commit('', -1, 1, 't', it.startMs + 5_000);
    await it.time.runFor(4_999);
    it.coordinator.expire();
    expect(it.committed()).toBe(1);
    await it.time.runFor(1);
    it.coordinator.expire();
    expect(it.committed()).toBeUndefined();
  });
});

describe('administration', () => {
  test('deletes an empty group and refuses one with members or one that is not there', async () => {
    const it = new Harness();
    const answer = (): string => {
      let error = '';
      it.coordinator.delete('g', (it) => {
        error = it;
      });
      return error;
    };
    expect(answer()).toBe('GROUP_ID_NOT_FOUND');
    const [member] = await it.stable();
    it.commit(member as string, 1, 3);
    expect(answer()).toBe('NON_EMPTY_GROUP');
    it.coordinator.leave('g', member as string, null);
    await it.time.runFor(60_000);
    expect(answer()).toBe('NONE');
    expect(it.committed()).toBeUndefined();
    expect(new Harness({}, it.log).coordinator.list()).toEqual([]);
  });

  test('a group that is used again while its deletion is under way goes on', async () => {
    const it = new Harness();
    it.commit('', -1, 3);
    it.holdAppends = true;
    let error = '';
    it.coordinator.delete('g', (answer) => {
      error = answer;
    });
    it.commit('', -1, 4, 'u');
    const member = it.join();
    await it.time.runFor(0);
    for (const commit of it.held.splice(0)) commit();
    expect(error).toBe('NONE');
    expect(member.reply?.error).toBe('NONE');
    expect([it.committed(), it.committed('u')]).toEqual([undefined, 4]);
    const after = new Harness({}, it.log);
    expect([after.committed(), after.committed('u')]).toEqual([undefined, 4]);
  });

  test('a coordinator that resigns sends everybody elsewhere, those that wait included', async () => {
    const it = new Harness();
    const [leader] = await it.stable();
    const waiting = it.join();
    it.coordinator.resign();
    expect(waiting.reply?.error).toBe('NOT_COORDINATOR');
    expect(it.heartbeat(leader as string, 1)).toBe('NOT_COORDINATOR');
    expect(it.commit('', -1, 1)).toBe('NOT_COORDINATOR');
    expect(it.time.size).toBe(0);
  });

  test('describes members of a stable group with their assignment, and an unknown group as dead', async () => {
    const it = new Harness();
    expect(it.coordinator.describe('g')).toMatchObject({ error: 'NONE', state: 'Dead' });
    const [member] = await it.stable();
    expect(it.coordinator.describe('g')).toMatchObject({
      state: 'Stable',
      protocolType: 'consumer',
      protocolName: 'range',
      members: [{ memberId: member, clientId: 'client', assignment: Uint8Array.of(1) }],
    });
  });
});
