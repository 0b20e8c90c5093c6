import type { EngineKind } from '@biquorum/consensus';
import { raft } from '@biquorum/raft';
import { type Family, type SimulationResult, simulate } from '@biquorum/simulator';
import { zab } from '@biquorum/zab';

/** A run of one engine. */
export type Run = (
  seed: number,
  families?: ReadonlySet<Family>,
  assertionsCount?: boolean,
) => Promise<SimulationResult>;

/** The engines that can be simulated alone, by name. Times are short, so that a run holds many elections. */
export const engines: Readonly<Record<string, Run>> = {
  raft: runOf((seed) =>
    raft({
      // A third of the clusters elect as soon as they dare: the old leader may not have noticed yet.
      electionTimeoutMs: seed % 3 === 0 ? 40 : 150,
      fetchTimeoutMs: 200,
      electionBackoffMaxMs: 300,
      requestTimeoutMs: 120,
      retryBackoffMs: 20,
      fetchWaitMs: 60,
      // Small enough that logs come in pieces and snapshots in several chunks.
      fetchBytesMax: 600,
      snapshotChunkBytesMax: 48,
      uncommittedBytesMax: 4000,
      entryBytesMax: 1000,
      // Both forms of election, by the seed.
      preVote: seed % 2 !== 0,
    }),
  ),
  zab: runOf((seed) =>
    zab({
      tickMs: 40,
      initLimit: 5,
      syncLimit: seed % 2 === 0 ? 3 : 5,
      finalizeWaitMs: seed % 3 === 0 ? 5 : 30,
      notificationMinMs: 20,
      notificationMaxMs: 160,
      observerElectionDelayMs: 20,
      connectTries: 5,
      connectRetryMs: 10,
      // Small enough that epochs end, histories come in pieces and snapshots in several chunks.
      counterMax: seed % 4 === 0 ? 40 : 0xffff_ffff,
      commitLogCount: 10,
      forceSnapshotSync: seed % 7 === 0,
      historyBytesMax: 300,
      snapshotChunkBytesMax: 48,
      uncommittedBytesMax: 4000,
      entryBytesMax: 1000,
    }),
  ),
};

/** @throws Error when there is none of this name. */
export function engineNamed(name: string): Run {
  const found = engines[name];
  if (found === undefined) throw new Error(`no engine ${name}; there are ${Object.keys(engines).join(', ')}`);
  return found;
}

function runOf<Message, Durable>(kindOf: (seed: number) => EngineKind<Message, Durable>): Run {
  return (seed, families, assertionsCount = true) =>
    simulate({ kind: kindOf(seed), seed, assertionsCount, ...(families === undefined ? {} : { families }) });
}
