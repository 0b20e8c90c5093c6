import { hasMajority, majorityOf, majorityValue, tally } from '@biquorum/consensus';
import fc from 'fast-check';
import { expect, test } from 'vitest';

test('a majority is more than half', () => {
  expect([1, 2, 3, 4, 5, 6, 7].map(majorityOf)).toEqual([1, 2, 2, 3, 3, 4, 4]);
});

test('the value that a majority has reached is the largest that enough voters reach, tried one by one', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 20 }), { minLength: 1, maxLength: 9 }), (values) => {
      let slow = -1;
      for (let candidate = 0; candidate <= 20; candidate++) {
        const reached = values.filter((value) => value >= candidate).length;
        if (reached > values.length / 2) slow = candidate;
      }
      expect(majorityValue([...values])).toBe(slow);
    }),
  );
});

test('an election is won, lost or open as an enumeration of all ways it can go on says', () => {
  const ballot = fc.array(fc.constantFrom('yes', 'no', 'open'), { minLength: 1, maxLength: 7 });
  fc.assert(
    fc.property(ballot, (votes) => {
      const voters = votes.map((_, id) => id);
      const granted = new Set(voters.filter((id) => votes[id] === 'yes'));
      const refused = new Set(voters.filter((id) => votes[id] === 'no'));
      const open = voters.filter((id) => votes[id] === 'open');
      const endings = new Set<boolean>();
      for (let bits = 0; bits < 1 << open.length; bits++) {
        const yes = granted.size + open.filter((_, at) => bits & (1 << at)).length;
        endings.add(yes * 2 > voters.length);
      }
      const slow = endings.size === 2 ? 'open' : endings.has(true) ? 'won' : 'lost';
      expect(tally(voters, granted, refused)).toBe(slow);
    }),
  );
});

test('any two majorities of voter sets that differ by one member share a voter', () => {
  for (let size = 1; size <= 6; size++) {
    const before = Array.from({ length: size }, (_, id) => id);
    const after = [...before, size];
    for (const a of majorities(before)) {
      for (const b of majorities(after)) expect([...a].some((id) => b.has(id))).toBe(true);
    }
  }
});

function majorities(voters: readonly number[]): Set<number>[] {
  const found: Set<number>[] = [];
  for (let bits = 0; bits < 1 << voters.length; bits++) {
    const members = new Set(voters.filter((_, at) => bits & (1 << at)));
    if (hasMajority(voters, members)) found.push(members);
  }
  return found;
}
