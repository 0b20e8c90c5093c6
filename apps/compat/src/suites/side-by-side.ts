import { bundleProgram } from '../deployment/programs.ts';
import { APACHE_VERSION, ApacheKafka } from '../side-by-side/apache-kafka.ts';
import { KINDS, ROWS } from '../side-by-side/rows.ts';
import { runRounds } from '../side-by-side/run-rounds.ts';
import { apacheSide, biquorumSide } from '../side-by-side/side.ts';
import { formatTable, summarise } from '../side-by-side/summary.ts';
import type { Suite } from '../suite.ts';

export const suite: Suite = {
  name: 'side-by-side',
  title: `throughput, latency, start and memory of one broker beside Apache Kafka ${APACHE_VERSION}`,
  needs: ['java', 'mvn'],
  onDemand: true,
  async run({ check, full, only, scratch, show }) {
    await check('both sides take every load, and every row has its figures', async () => {
      const apache = await ApacheKafka.prepare(scratch);
      const sides = [apacheSide(apache), biquorumSide([await bundleProgram()])];
      const figures = await runRounds(
        sides,
        { apache, scratch, scale: full ? 3 : 1 },
        {
          rounds: full ? 5 : 3,
          only,
          onFigure: ({ row, side, round, value }) => show(progress(row, side, round, value)),
        },
      );
      const rows = summarise(figures);
      show(formatTable(rows, APACHE_VERSION), { suite: 'side-by-side', apache: APACHE_VERSION, rows, figures });
      const wanted = ROWS.filter(
        ({ id, kind }) =>
          (only.length === 0 || only.some((part) => id.includes(part))) &&
          (kind !== 'processor' || process.platform === 'linux'),
      );
      if (rows.length !== wanted.length) throw new Error(`${rows.length} of ${wanted.length} rows have figures`);
      return `${rows.filter(({ ratio, aim }) => aim !== undefined && ratio >= aim).length} rows at their aim`;
    });
  },
};

function progress(row: string, side: string, round: number, value: number): string {
  const { unit } = KINDS[ROWS.find(({ id }) => id === row)?.kind ?? 'throughput'];
  return `${row}  ${side}  round ${round}: ${value >= 100 ? Math.round(value) : value.toFixed(3)} ${unit}`;
}
