import type { ReportHeader } from './report.ts';

/** Where a report's figures come from, in lines of name and value. */
export function headerLines(header: ReportHeader): readonly (readonly [name: string, value: string])[] {
  const { startedAt, elapsedMs, system, processor, processors, memoryMiB, load } = header;
  const java = header.java === null ? [] : ([['Java', header.java]] as const);
  return [
    ['made', `${startedAt.slice(0, 16).replace('T', ' ')} UTC, in ${Math.round(elapsedMs / 1000)} s`],
    ['Biquorum', header.version],
    ['Node', header.node],
    ...java,
    ['machine', `${system}, ${processors} × ${processor}, ${Math.round(memoryMiB / 1024)} GiB`],
    ['load average', `${load[0]} before, ${load[1]} after`],
    ['preset', `${header.preset}: ${header.presetSummary}`],
    ['runs', `${header.runs} of each scenario on each side, in turns; seed ${header.seed}`],
  ];
}
