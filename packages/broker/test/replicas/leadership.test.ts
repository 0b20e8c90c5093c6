import type { BrokerEpoch, LeaderEpoch, NodeId, PartitionEpoch } from '@biquorum/metadata';
import { describe, expect, test } from 'vitest';
import { Leadership, type LeadershipState, type Proposal } from '../../src/replicas/leadership.ts';

const node = (id: number): NodeId => id as NodeId;
const LAG = 30_000;

function state(overrides: Partial<LeadershipState> = {}): LeadershipState {
  return {
    leaderEpoch: 5 as LeaderEpoch,
    partitionEpoch: 10 as PartitionEpoch,
    replicas: [node(1), node(2), node(3)],
    isr: [node(1), node(2), node(3)],
    recovering: false,
    ...overrides,
  };
}

function leader(
  of: Partial<LeadershipState> = {},
  end = 100,
  eligible: (id: number) => boolean = () => true,
): Leadership {
  const context = { self: node(1), lagMsMax: LAG, isEligible: (id: NodeId) => eligible(id) };
  return new Leadership(context, state(of), { end, highWatermark: 80 }, 0);
}

const fetch = (fetchOffset: number, atMs: number, leaderEnd: number) => ({
  fetchOffset,
  logStartOffset: 0,
  brokerEpoch: 7 as BrokerEpoch,
  atMs,
  leaderEnd,
});

const accepted = (isr: number[], partitionEpoch = 11) => ({
  ok: true as const,
  leader: node(1),
  leaderEpoch: 5 as LeaderEpoch,
  partitionEpoch: partitionEpoch as PartitionEpoch,
  isr: isr as NodeId[],
  recovering: false,
});

/** A proposal that was to be made. */
function made(proposal: Proposal | undefined): Proposal {
  if (proposal === undefined) throw new Error('nothing was proposed');
  return proposal;
}

describe('the high watermark', () => {
  test('is the smallest end in the ISR, and stays while a member has not fetched', () => {
    const it = leader();
    expect(it.advance(100, 1, 0)).toBe(false);
    it.fetched(node(2), fetch(95, 1, 100));
    it.fetched(node(3), fetch(90, 1, 100));
    expect(it.advance(100, 1, 1)).toBe(true);
    expect(it.highWatermark).toBe(90);
  });

  test('never goes back, even if a follower does', () => {
    const it = leader();
    for (const id of [2, 3]) it.fetched(node(id), fetch(95, 1, 100));
    it.advance(100, 1, 1);
    it.fetched(node(3), fetch(50, 2, 100));
    expect(it.advance(100, 1, 2)).toBe(false);
    expect(it.highWatermark).toBe(95);
  });

  test('does not count a follower out of the ISR that lags, but waits for one that is about to join', () => {
    const it = leader({ isr: [node(1), node(2)] });
    it.fetched(node(2), fetch(100, 1, 100));
    it.fetched(node(3), fetch(10, 1, 100));
    it.advance(100, 1, 1);
    expect(it.highWatermark).toBe(100);
    // Node 3 reaches the end of the log as it was: it may join any moment, so it counts.
    it.fetched(node(3), fetch(100, 2, 100));
    it.fetched(node(2), fetch(120, 3, 120));
    it.advance(120, 1, 3);
    expect(it.highWatermark).toBe(100);
  });

  test('stands still while there are fewer in-sync replicas than min.insync.replicas', () => {
    const it = leader({ isr: [node(1)] }, 100, () => false);
    expect(it.advance(100, 2, 0)).toBe(false);
    expect(it.advance(100, 1, 0)).toBe(true);
  });
});

describe('a follower', () => {
  test('leaves the ISR when it has not been caught up for the lag time', () => {
    const it = leader();
    it.fetched(node(2), fetch(100, 1_000, 100));
    it.fetched(node(3), fetch(40, 1_000, 100));
    expect(it.proposeShrink(120, LAG)).toBeUndefined();
    const proposal = it.proposeShrink(120, LAG + 1);
    expect(proposal?.isr.map((member) => member.node)).toEqual([1, 2]);
  });

  test('that fetches from where the log ended at its previous fetch counts as caught up then, on a busy leader too', () => {
    const it = leader();
    it.fetched(node(2), fetch(100, 0, 100));
    it.fetched(node(3), fetch(100, 0, 100));
    for (let at = 1; at <= 5; at++) {
      it.fetched(node(2), fetch(100 + at * 10, at * LAG, 110 + at * 10));
    }
    expect(it.proposeShrink(1_000, 5 * LAG)?.isr.map((member) => member.node)).toEqual([1, 2]);
  });

  test('at the end of an idle log is in sync for ever', () => {
    const it = leader({ replicas: [node(1), node(2)], isr: [node(1), node(2)] });
    it.fetched(node(2), fetch(100, 1, 100));
    expect(it.proposeShrink(100, 1_000 * LAG)).toBeUndefined();
  });

  test('joins when it has reached the high watermark and the start of this leadership', () => {
    const it = leader({ isr: [node(1), node(2)] });
    it.fetched(node(3), fetch(99, 1, 100));
    expect(it.proposeExpansion(node(3))).toBeUndefined();
    it.fetched(node(3), fetch(100, 2, 110));
    expect(it.proposeExpansion(node(3))?.isr).toEqual([
      { node: 1, brokerEpoch: -1 },
      { node: 2, brokerEpoch: -1 },
      { node: 3, brokerEpoch: 7 },
    ]);
  });

  test('that is not eligible does not join', () => {
    const it = leader({ isr: [node(1), node(2)] }, 100, (id) => id !== 3);
    it.fetched(node(3), fetch(100, 2, 100));
    expect(it.proposeExpansion(node(3))).toBeUndefined();
  });

  test('that is no replica is not known', () => {
    expect(leader().fetched(node(9), fetch(1, 1, 1))).toBe(false);
  });
});

describe('a proposal', () => {
  test('counts in the maximal ISR until it is answered, and none is made beside it', () => {
    const it = leader({ isr: [node(1), node(2)] });
    it.fetched(node(3), fetch(100, 1, 100));
    const proposal = made(it.proposeExpansion(node(3)));
    expect(it.maximalIsr).toEqual([1, 2, 3]);
    expect(it.proposeShrink(500, 10 * LAG)).toBeUndefined();
    expect(it.answered(proposal, accepted([1, 2, 3]), 2)).toBe('settled');
    expect(it.isr).toEqual([1, 2, 3]);
    expect(it.partitionEpoch).toBe(11);
    expect(it.proposing).toBe(false);
  });

  test('to shrink leaves the leavers counted until it is committed', () => {
    const it = leader();
    it.fetched(node(2), fetch(100, LAG, 100));
    const proposal = made(it.proposeShrink(100, LAG + 1));
    expect(it.maximalIsr).toEqual([1, 2, 3]);
    it.answered(proposal, accepted([1, 2]), LAG + 2);
    expect(it.maximalIsr).toEqual([1, 2]);
  });

  test('answered late, after a newer decision, changes nothing', () => {
    const it = leader();
    const proposal = made(it.proposeShrink(200, LAG + 1));
    it.decided(state({ partitionEpoch: 15 as PartitionEpoch, isr: [node(1), node(3)] }), LAG + 1);
    it.answered(proposal, accepted([1], 11), LAG + 2);
    expect(it.isr).toEqual([1, 3]);
    expect(it.partitionEpoch).toBe(15);
  });

  test('refused late, after a newer decision, leaves the next one alone', () => {
    const it = leader({ isr: [node(1), node(2)] });
    it.fetched(node(3), fetch(100, 1, 100));
    const first = made(it.proposeExpansion(node(3)));
    it.decided(state({ partitionEpoch: 12 as PartitionEpoch, isr: [node(1), node(2)] }), 2);
    expect(it.answered(first, { ok: false, error: 'INVALID_UPDATE_VERSION' }, 3)).toBe('settled');
    const second = made(it.proposeExpansion(node(3)));
    // Neither a refusal nor an acceptance of the first one ends the second one: who may join goes on to count.
    it.answered(first, accepted([1, 2], 11), 4);
    it.answered(first, { ok: false, error: 'INELIGIBLE_REPLICA' }, 4);
    expect(it.maximalIsr).toEqual([1, 2, 3]);
    it.answered(second, accepted([1, 2, 3], 13), 5);
    expect(it.isr).toEqual([1, 2, 3]);
  });

  test.each([
    'FENCED_LEADER_EPOCH',
    'INVALID_UPDATE_VERSION',
    'INVALID_REQUEST',
    'NEW_LEADER_ELECTED',
    'UNKNOWN_TOPIC_ID',
  ])('refused with %s waits for the next decision, the maximal ISR still counting', (error) => {
    const it = leader({ isr: [node(1), node(2)] });
    it.fetched(node(3), fetch(100, 1, 100));
    const proposal = made(it.proposeExpansion(node(3)));
    expect(it.answered(proposal, { ok: false, error }, 2)).toBe('settled');
    expect(it.maximalIsr).toEqual([1, 2, 3]);
    expect(it.proposeExpansion(node(3))).toBeUndefined();
    it.decided(state({ partitionEpoch: 12 as PartitionEpoch, isr: [node(1), node(2)] }), 3);
    expect(it.proposeExpansion(node(3))).toBeDefined();
  });

  test('refused for an ineligible replica goes back to the committed ISR', () => {
    const it = leader({ isr: [node(1), node(2)] });
    it.fetched(node(3), fetch(100, 1, 100));
    const proposal = made(it.proposeExpansion(node(3)));
    expect(it.answered(proposal, { ok: false, error: 'INELIGIBLE_REPLICA' }, 2)).toBe('settled');
    expect(it.maximalIsr).toEqual([1, 2]);
  });

  test('refused for any other reason may be made again', () => {
    const it = leader({ isr: [node(1), node(2)] });
    it.fetched(node(3), fetch(100, 1, 100));
    const proposal = made(it.proposeExpansion(node(3)));
    expect(it.answered(proposal, { ok: false, error: 'UNKNOWN_SERVER_ERROR' }, 2)).toBe('retry');
    expect(it.proposeExpansion(node(3))).toBeDefined();
  });
});
