import { join } from 'node:path';
import { ApacheZooKeeper } from '../apache/zookeeper.ts';
import type { Suite } from '../suite.ts';
import { compareSeed, type Players } from '../zookeeper-differential/compare.ts';
import { startOurEnsemble, startOurServer } from '../zookeeper-differential/our-server.ts';
import { Player } from '../zookeeper-differential/player.ts';
import { SETTINGS, SYSTEM } from '../zookeeper-differential/settings.ts';

/** Sequences that every run plays, as far as they fit into the time. */
const KNOWN = { seed: 1, sequences: 400, ms: 15_000 };
/** How long it plays sequences that nobody has seen. */
const FRESH_MS = 10_000;
const FULL_MS = 600_000;
/** The same with an ensemble. */
const KNOWN_TOGETHER = { seed: 1, sequences: 100, ms: 5_000 };
const FRESH_TOGETHER_MS = 5_000;
/** At most one of so many sequences may differ once and not again. */
const LUCK_PER = 50;

export const suite: Suite = {
  name: 'zookeeper-differential',
  title:
    "our ZooKeeper server and our ensemble answer sequences of requests of several sessions as Apache's server does",
  needs: ['java', 'javac', 'mvn'],
  async run({ check, scratch, seed, full }) {
    const fresh = (ms: number): Share => {
      return { seed: seed * 1_000, sequences: Number.POSITIVE_INFINITY, ms: full ? FULL_MS : ms };
    };
    for (const [who, start, known, freshMs] of [
      ['a server alone', startOurServer, KNOWN, FRESH_MS],
      ['an ensemble of three', startOurEnsemble, KNOWN_TOGETHER, FRESH_TOGETHER_MS],
    ] as const) {
      const root = join(scratch, who.replaceAll(' ', '-'));
      await using ours = await start(join(root, 'ours'));
      // With no more behind it than ours: sequence numbers tell of all that was ever made.
      await using apache = await ApacheZooKeeper.start(join(root, 'apache'), SETTINGS, SYSTEM);
      const players: Players = { ours: await Player.open(ours.connect), apache: await Player.open(apache.connect) };
      await check(`sequences that are the same in every run: ${who}`, () => playFor(players, known));
      await check(`sequences that nobody has seen: ${who}`, () => playFor(players, fresh(freshMs)));
      players.ours.close();
      players.apache.close();
    }
  },
};

/** Which sequences are played, from a seed on, and for how long. */
interface Share {
  readonly seed: number;
  readonly sequences: number;
  readonly ms: number;
}

async function playFor(players: Players, { seed, sequences, ms }: Share): Promise<string> {
  const endMs = performance.now() + ms;
  let played = 0;
  let lucky = 0;
  // A slow machine plays some at least.
  while (played < sequences && (performance.now() < endMs || played < 10)) {
    if ((await compareSeed(players, seed + played)) === 'luck') lucky += 1;
    played += 1;
  }
  if (lucky * LUCK_PER > played + LUCK_PER) throw new Error(`${lucky} of ${played} sequences differ now and then`);
  return `${played} from ${seed} on, ${lucky} of them differed once`;
}
