import { join } from 'node:path';
import { apacheProgram, biquorumProgram, bundleProgram } from '../deployment/programs.ts';
import { APACHE_VERSION, ApacheKafka } from '../side-by-side/apache-kafka.ts';
import { clusterSide } from '../side-by-side/cluster-side.ts';
import { type FailoverRows, formatFailover, measureFailover } from '../side-by-side/failover-rows.ts';
import { runRounds } from '../side-by-side/run-rounds.ts';
import { formatTable, summarise } from '../side-by-side/summary.ts';
import type { Suite } from '../suite.ts';

const SIZES = [10, 1_000];
const FULL_SIZES = [...SIZES, 10_000];
/** Chooses the failovers with `--row`. */
const FAILOVER = 'failover';

export const suite: Suite = {
  name: 'side-by-side-cluster',
  title: `three brokers and three controllers, a process each, three replicas, beside Apache Kafka ${APACHE_VERSION}`,
  needs: ['java', 'mvn'],
  onDemand: true,
  async run({ check, full, only, scratch, show }) {
    const apache = await ApacheKafka.prepare(scratch);
    const programs = [apacheProgram(apache), biquorumProgram(await bundleProgram())] as const;
    const rows = only.filter((row) => row !== FAILOVER);
    if (only.length === 0 || rows.length > 0) {
      await check('both sides take every load', async () => {
        const figures = await runRounds(
          programs.map(clusterSide),
          { apache, scratch, scale: full ? 3 : 1 },
          {
            rounds: full ? 5 : 3,
            only: rows,
            onFigure: ({ row, side, round, value }) => show(`${row}  ${side}  round ${round}: ${value.toFixed(1)}`),
          },
        );
        const summary = summarise(figures);
        show(formatTable(summary, APACHE_VERSION), { suite: 'side-by-side-cluster', rows: summary, figures });
        return `${summary.filter(({ ratio, aim }) => aim !== undefined && ratio >= aim).length} rows at their aim`;
      });
    }
    if (only.length > 0 && !only.includes(FAILOVER)) return;
    await check('both sides fail over at every size', async () => {
      const results: (readonly FailoverRows[])[] = [];
      for (const program of programs) {
        const directory = join(scratch, `failover-${program.name}`);
        const sizes = full ? FULL_SIZES : SIZES;
        results.push(
          await measureFailover(program, directory, sizes, (partitions, figures) =>
            show(`${program.name}, ${partitions} partitions: ${JSON.stringify(figures)}`),
          ),
        );
      }
      const [theirs = [], ours = []] = results;
      show(formatFailover(theirs, ours), {
        suite: 'side-by-side-cluster',
        failover: { apache: theirs, biquorum: ours },
      });
    });
  },
};
