import type { NodeId } from '@biquorum/consensus';
import { Prng } from '@biquorum/std';
import { Ensemble } from './ensemble.ts';

/** A transaction that a primary broadcast, and what it had delivered when it did. */
export interface Broadcast {
  readonly text: string;
  readonly primary: NodeId;
  readonly epoch: number;
  /** The place among those of its epoch. */
  readonly place: number;
  readonly before: readonly string[];
}

/** What came of one run: who broadcast what, and what every process delivered, each life of it by itself. */
export interface Run {
  readonly broadcasts: ReadonlyMap<string, Broadcast>;
  readonly lives: readonly (readonly string[])[];
}

/** Runs ensembles through crashes, cuts, stalled disks and held links, all drawn from seeds. */
export function runs(count: number): readonly Run[] {
  return Array.from({ length: count }, (_, seed) => run(seed + 1));
}

function run(seed: number): Run {
  const prng = new Prng(seed);
  const size = prng.chance(0.5) ? 3 : 5;
  const ensemble = new Ensemble(size, {
    forceSnapshotSync: prng.chance(0.2),
    counterMax: prng.chance(0.3) ? 6 : 2 ** 20,
  });
  const ids = [...ensemble.servers.keys()];
  const broadcasts = new Map<string, Broadcast>();
  const places = new Map<number, number>();
  const lives: string[][] = [];
  const end = (id: NodeId): void => void lives.push([...ensemble.server(id).delivered]);
  ensemble.start();
  for (let step = 0; step < 120; step++) {
    const id = prng.pick(ids);
    const other = prng.pick(ids);
    const { engine } = ensemble.server(id);
    switch (prng.below(10)) {
      case 0:
        if (engine !== null && prng.chance(0.5)) {
          end(id);
          ensemble.powerOff(id);
        }
        break;
      case 1:
        if (engine === null) ensemble.start(id);
        break;
      case 2:
        if (prng.chance(0.3)) ensemble.isolate(id);
        break;
      case 3:
        ensemble.heal();
        break;
      case 4:
        ensemble.hold(id, other);
        break;
      case 5:
        ensemble.pass(id, other, 1 + prng.below(3));
        break;
      case 6:
        if (prng.chance(0.3)) ensemble.stall(id);
        break;
      case 7:
        if (engine !== null && prng.chance(0.3)) ensemble.snapshot(id);
        break;
      default:
        for (const primary of ids) {
          const view = ensemble.server(primary).engine?.view();
          if (view?.leading !== true) continue;
          const place = places.get(view.epoch) ?? 0;
          places.set(view.epoch, place + 1);
          const text = `${view.epoch}:${place}:${primary}`;
          const before = [...ensemble.server(primary).delivered];
          broadcasts.set(text, { text, primary, epoch: view.epoch, place, before });
          ensemble.propose(primary, text);
        }
    }
    ensemble.run(10 * prng.below(20));
  }
  ensemble.heal();
  for (const id of ids) if (ensemble.server(id).engine === null) ensemble.start(id);
  ensemble.untilServes();
  ensemble.run(500);
  for (const id of ids) end(id);
  return { broadcasts, lives };
}
