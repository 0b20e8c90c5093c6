import {
  type BrokerEpoch,
  type BrokerView,
  chooseLeader,
  type ElectionPolicy,
  effectiveMinIsr,
  highWatermarkOf,
  type IsrProposal,
  isIsrEligible,
  isrWithout,
  judgeIsrChange,
  type LeaderEpoch,
  NO_LEADER,
  type NodeId,
  type PartitionEpoch,
  type PartitionState,
} from '@biquorum/metadata';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

const nodes = (...ids: number[]): NodeId[] => ids as NodeId[];
const node = (id: number): NodeId => id as NodeId;

describe('the choice of a leader', () => {
  const clean: ElectionPolicy = { keepCurrent: false, preferredOnly: false, uncleanAllowed: false };
  const live = (...ids: number[]) => {
    return (id: NodeId) => ids.includes(id);
  };

  test('is the first assigned replica that is in sync and live', () => {
    const input = { replicas: nodes(1, 2, 3), isr: nodes(3, 2), leader: node(1), canLead: live(2, 3) };
    expect(chooseLeader(input, clean).leader).toBe(2);
  });

  test('keeps a valid leader only where the mode does', () => {
    const input = { replicas: nodes(1, 2, 3), isr: nodes(1, 2, 3), leader: node(3), canLead: live(1, 2, 3) };
    expect(chooseLeader(input, { ...clean, keepCurrent: true }).leader).toBe(3);
    expect(chooseLeader(input, clean).leader).toBe(1);
  });

  test('is nobody when no in-sync replica is live, and the ISR is kept', () => {
    const input = { replicas: nodes(1, 2), isr: nodes(1), leader: node(1), canLead: live(2) };
    expect(chooseLeader(input, clean)).toEqual({ leader: NO_LEADER, isr: [1], unclean: false });
  });

  test('falls on any live replica when unclean election is allowed, and its ISR is itself', () => {
    const input = { replicas: nodes(1, 2), isr: nodes(1), leader: node(1), canLead: live(2) };
    expect(chooseLeader(input, { ...clean, uncleanAllowed: true })).toEqual({ leader: 2, isr: [2], unclean: true });
  });

  test('changes nothing in a preferred election whose first replica is not in sync', () => {
    const input = { replicas: nodes(1, 2), isr: nodes(2), leader: node(2), canLead: live(1, 2) };
    expect(chooseLeader(input, { ...clean, preferredOnly: true }).leader).toBe(2);
  });

  test('never falls on a replica outside the ISR unless that is allowed, whatever the input', () => {
    const ids = fc.uniqueArray(fc.integer({ min: 0, max: 6 }), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(ids, ids, ids, fc.boolean(), (replicas, isrSeed, up, keepCurrent) => {
        const isr = nodes(...isrSeed.filter((id) => replicas.includes(id)));
        const leader = isr[0] ?? NO_LEADER;
        const result = chooseLeader(
          { replicas: nodes(...replicas), isr, leader, canLead: live(...up) },
          { ...clean, keepCurrent },
        );
        const candidates = replicas.filter((id) => isr.includes(id as NodeId) && up.includes(id));
        if (candidates.length === 0) expect(result.leader).toBe(NO_LEADER);
        else expect(candidates).toContain(result.leader);
        expect(result.isr).toEqual(isr);
      }),
    );
  });
});

describe('a proposed ISR', () => {
  const state: PartitionState = {
    leader: node(1),
    leaderEpoch: 4 as LeaderEpoch,
    partitionEpoch: 9 as PartitionEpoch,
    replicas: nodes(1, 2, 3),
    isr: nodes(1, 2),
    adding: [],
    removing: [],
    offline: null,
    recovering: false,
    directories: null,
  };
  const proposal = (overrides: Partial<IsrProposal> = {}): IsrProposal => ({
    leader: node(1),
    leaderEpoch: 4 as LeaderEpoch,
    partitionEpoch: 9 as PartitionEpoch,
    isr: nodes(1, 2, 3),
    recovering: false,
    ...overrides,
  });
  const kraft = { isEligible: () => true, acceptUnchanged: false, leaderOnly: true };
  const error = (overrides: Partial<IsrProposal>, policy: Partial<typeof kraft> = {}, of = state): string => {
    const verdict = judgeIsrChange(of, proposal(overrides), { ...kraft, ...policy });
    return verdict.kind === 'accepted' ? 'NONE' : verdict.error;
  };

  test('is accepted when it is based on the present state', () => {
    expect(error({})).toBe('NONE');
  });

  test('from the future says that this controller is not the latest', () => {
    expect(error({ leaderEpoch: 5 as LeaderEpoch })).toBe('NOT_CONTROLLER');
    expect(error({ partitionEpoch: 10 as PartitionEpoch })).toBe('NOT_CONTROLLER');
  });

  test('from a deposed leader is fenced', () => {
    expect(error({ leaderEpoch: 3 as LeaderEpoch })).toBe('FENCED_LEADER_EPOCH');
    expect(error({ leader: node(2) })).toBe('INVALID_REQUEST');
    expect(error({ leader: node(2) }, { leaderOnly: false })).toBe('NONE');
  });

  test('based on an old state is refused, except that ZooKeeper mode accepts what is so already', () => {
    const old = { partitionEpoch: 8 as PartitionEpoch };
    expect(error(old)).toBe('INVALID_UPDATE_VERSION');
    expect(error({ ...old, isr: nodes(2, 1) })).toBe('INVALID_UPDATE_VERSION');
    expect(error({ ...old, isr: nodes(2, 1) }, { acceptUnchanged: true })).toBe('NONE');
  });

  test('with no member, a stranger, one twice, or an ineligible one is refused', () => {
    expect(error({ isr: [] })).toBe('INVALID_REQUEST');
    expect(error({ isr: nodes(1, 7) })).toBe('INVALID_REQUEST');
    expect(error({ isr: nodes(1, 1) })).toBe('INVALID_REQUEST');
    expect(error({}, { isEligible: (id?: NodeId) => id !== 3 } as Partial<typeof kraft>)).toBe('INELIGIBLE_REPLICA');
  });

  test('cannot be recovering with several members, nor become recovering', () => {
    expect(error({ recovering: true }, {}, { ...state, recovering: true })).toBe('INVALID_REQUEST');
    expect(error({ recovering: true, isr: nodes(1) })).toBe('INVALID_REQUEST');
    expect(error({ recovering: true, isr: nodes(1) }, {}, { ...state, recovering: true })).toBe('NONE');
  });
});

describe('the ISR', () => {
  const broker = (overrides: Partial<BrokerView> = {}): BrokerView => ({
    id: node(2),
    epoch: 8 as BrokerEpoch,
    endpoints: [],
    rack: null,
    fenced: false,
    shuttingDown: false,
    ...overrides,
  });

  test('admits brokers that are known, unfenced, staying, and fetched under their present epoch', () => {
    expect(isIsrEligible(broker(), 8 as BrokerEpoch)).toBe(true);
    expect(isIsrEligible(broker(), -1 as BrokerEpoch)).toBe(true);
    expect(isIsrEligible(broker({ epoch: null }), 3 as BrokerEpoch)).toBe(true);
    expect(isIsrEligible(broker(), 7 as BrokerEpoch)).toBe(false);
    expect(isIsrEligible(broker({ fenced: true }), 8 as BrokerEpoch)).toBe(false);
    expect(isIsrEligible(broker({ shuttingDown: true }), 8 as BrokerEpoch)).toBe(false);
    expect(isIsrEligible(undefined, 8 as BrokerEpoch)).toBe(false);
  });

  test('never loses its last member where the mode keeps it', () => {
    expect(isrWithout(nodes(1, 2), (id) => id === 1, true)).toEqual([2]);
    expect(isrWithout(nodes(2), (id) => id === 2, true)).toEqual([2]);
    expect(isrWithout(nodes(2), (id) => id === 2, false)).toEqual([]);
  });
});

test('the high watermark is the smallest counted log end and never goes back', () => {
  expect(highWatermarkOf([10, 7, 9], 5)).toBe(7);
  expect(highWatermarkOf([10, 3], 5)).toBe(5);
  expect(highWatermarkOf([], 5)).toBe(5);
});

test('a partition with fewer replicas than min.insync.replicas stays writable', () => {
  expect(effectiveMinIsr(2, 1)).toBe(1);
  expect(effectiveMinIsr(2, 3)).toBe(2);
});
