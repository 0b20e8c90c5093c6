import { join } from 'node:path';
import { bundleProgram } from '../deployment/programs.ts';
import { javaDirectory, resolveClassPath } from '../java/class-path.ts';
import type { Suite } from '../suite.ts';
import type { Make } from '../zookeeper-ensembles/member.ts';
import { type Figure, formatFigures } from '../zookeeper-performance/figures.ts';
import { measureServers, OPERATIONS } from '../zookeeper-performance/measure.ts';
import { RunningServers } from '../zookeeper-performance/servers.ts';

const SHAPES = { standalone: 1, 'ensemble of 3': 3 } as const;
const MAKES: readonly Make[] = ['apache', 'ours'];
const DURATIONS = { warmUpMs: 500, measuredMs: 2_000 };
/** Of the ensemble: writes and reads with many requests under way. */
const AIMS = { writes: 5, reads: 2, alone: 1, start: 10, memory: 3 } as const;

export const suite: Suite = {
  name: 'zookeeper-performance',
  title: "our ZooKeeper servers beside Apache's 3.9.5: operations a second and p99, start-up, memory",
  needs: ['java', 'mvn'],
  onDemand: true,
  async run({ check, full, only, scratch, show }) {
    const common = {
      main: await bundleProgram(),
      jars: await resolveClassPath(join(javaDirectory, 'zookeeper', 'pom.xml')),
    };
    const rounds = full ? 5 : 2;
    const figures: Figure[] = [];
    const tell = (figure: Figure): void => {
      figures.push(figure);
      show(`${figure.row}  ${figure.make}  round ${figure.round}: ${figure.value.toFixed(2)} ${figure.unit}`);
    };
    const shapes = Object.entries(SHAPES).filter(
      ([name]) => only.length === 0 || only.some((one) => name.includes(one)),
    );
    for (const [shape, count] of shapes) {
      await check(`${shape}: both take every load`, async () => {
        for (let round = 1; round <= rounds; round++) {
          // Another one begins each round; while one is measured the other has nothing to do.
          const makes = round % 2 === 1 ? MAKES : MAKES.toReversed();
          await using started = new AsyncDisposableStack();
          const servers = new Map<Make, RunningServers>();
          for (const make of makes) {
            const root = join(scratch, `${shape}-${round}-${make}`);
            const running = started.use(await RunningServers.start({ ...common, root, make, count }));
            servers.set(make, running);
            const aims = count === 1 ? [undefined, undefined] : [AIMS.start, AIMS.memory];
            tell(figure(`${shape}: start until it serves`, 'ms', make, round, running.startMs, aims[0]));
            tell(figure(`${shape}: memory after the start`, 'MiB', make, round, await running.residentMiB(), aims[1]));
          }
          for (const make of makes) {
            const running = servers.get(make) as RunningServers;
            await measureServers(running.ports, `/performance-${round}`, OPERATIONS, DURATIONS, (cell) => {
              const { operation, outstanding, perSecond, p99Ms } = cell;
              const row = `${shape}: ${operation}, ${outstanding.toLocaleString('en')} outstanding`;
              const many = operation === 'create' || operation === 'set' ? AIMS.writes : AIMS.reads;
              const aim = count === 1 ? undefined : outstanding === 1 ? AIMS.alone : many;
              tell(figure(row, 'per second', make, round, perSecond, aim));
              tell(figure(`${row}, p99`, 'ms', make, round, p99Ms));
            });
            const memory = await running.residentMiB();
            tell(
              figure(
                `${shape}: memory after the load`,
                'MiB',
                make,
                round,
                memory,
                count === 1 ? undefined : AIMS.memory,
              ),
            );
          }
        }
      });
    }
    show(formatFigures(figures), { suite: 'zookeeper-performance', figures });
  },
};

function figure(row: string, unit: Figure['unit'], make: Make, round: number, value: number, aim?: number): Figure {
  return { row, unit, make, round, value, ...(aim === undefined ? {} : { aim }) };
}
