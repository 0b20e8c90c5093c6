import type { ZooKeeperRow } from './measure.ts';

const TITLES: Readonly<Record<Exclude<keyof ZooKeeperRow, 'partitions'>, string>> = {
  created: 'created, acknowledged',
  inSync: 'created, every replica in sync',
  detection: 'controller killed: its session is over',
  election: '– from then until another is elected',
  load: '– from then until it has loaded everything',
  publish: '– from then until every broker shows new leaders',
  work: '– load and publish',
  usable: 'controller killed: CreateTopics succeeds',
};

/** Both sides' rows as Markdown, with what is over 1 where we are faster. */
export function formatZooKeeperRows(apache: readonly ZooKeeperRow[], biquorum: readonly ZooKeeperRow[]): string {
  const lines = ['| row | partitions | Apache, ms | Biquorum, ms | times as fast |', '| --- | --- | --- | --- | --- |'];
  for (const [key, title] of Object.entries(TITLES) as [keyof typeof TITLES, string][]) {
    for (const theirs of apache) {
      const ours = biquorum.find(({ partitions }) => partitions === theirs.partitions);
      if (ours === undefined) continue;
      const [a, b] = [theirs[key], ours[key]];
      lines.push(`| ${title} | ${theirs.partitions} | ${Math.round(a)} | ${Math.round(b)} | ${(a / b).toFixed(2)} |`);
    }
  }
  return lines.join('\n');
}
