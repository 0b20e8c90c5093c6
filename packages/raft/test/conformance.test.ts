import { engineConformance } from '@biquorum/consensus/testing';
import { raft } from '@biquorum/raft';
import { test } from 'vitest';

for (const { title, run } of engineConformance(raft())) test(title, run);
for (const { title, run } of engineConformance(raft({ preVote: false, dynamicVoters: false }))) {
  test(`${title} (as Kafka 3.9: no pre-vote, static voters)`, run);
}
