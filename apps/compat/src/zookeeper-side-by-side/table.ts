import type { ZooKeeperRow } from './measure.ts';

const TITLES: Readonly<Record<Exclude<keyof ZooKeeperRow, 'partitions'>, string>> = {
  created: 'created, acknowledged',
  inSync: 'created, every replica in sync',
  lost: 'broker killed: its session is over',
  moved: '– from then until every broker shows other leaders',
  unled: '– without leaders, from SIGKILL',
  back: 'broker started again: every replica in sync',
  detection: 'controller killed: its session is over',
  election: '– from then until another is elected',
  load: '– from then until it has loaded everything',
  publish: '– from then until every broker shows new leaders',
  work: '– load and publish',
  usable: 'controller killed: CreateTopics succeeds',
};

/** Both sides' rows as Markdown, with what is over 1 where we are faster; a side that was left out is left open. */
export function formatZooKeeperRows(apache: readonly ZooKeeperRow[], biquorum: readonly ZooKeeperRow[]): string {
  const lines = ['| row | partitions | Apache, ms | Biquorum, ms | times as fast |', '| --- | --- | --- | --- | --- |'];
  for (const [key, title] of Object.entries(TITLES) as [keyof typeof TITLES, string][]) {
    for (const size of new Set([...apache, ...biquorum].map(({ partitions }) => partitions))) {
      const [a, b] = [apache, biquorum].map((rows) => rows.find(({ partitions }) => partitions === size)?.[key]);
      const ratio = a === undefined || b === undefined ? OPEN : (a / b).toFixed(2);
      lines.push(`| ${title} | ${size} | ${rounded(a)} | ${rounded(b)} | ${ratio} |`);
    }
  }
  return lines.join('\n');
}

const OPEN = '–';

function rounded(ms: number | undefined): string {
  return ms === undefined ? OPEN : String(Math.round(ms));
}
