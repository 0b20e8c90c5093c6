import { BARE_PROPERTIES, CONFIG_KEYS, PROPERTIES, type Setting } from '../src/operations/settings-table.ts';

const INTRODUCTION = `# Configuration of ZooKeeper servers

Every key that Apache ZooKeeper 3.9 knows, by its own name. A server is configured by a \`zoo.cfg\` as Apache's is (\`biquorum zookeeper zoo.cfg\`), with the number of the server in the file \`myid\` of its \`dataDir\`; this page is made from the table that reads it, by \`pnpm --filter @biquorum/zookeeper generate\`.

What we make of a setting:

- **effective**: it does what it does in Apache ZooKeeper.
- **accepted**: it is read and checked, and changes nothing; the reason stands beside it. The server says so when it starts.
- **refused**: no value but the default is taken, since any other would promise what is not there. The server does not start.

A name that ends with a dot stands for all that begin so. A key that is not known changes nothing, as in Apache's, which makes a system property of it; the server says so when it starts.
`;

const PARTS: readonly (readonly [title: string, about: string, table: readonly Setting[]])[] = [
  ['Keys of zoo.cfg', 'What the parser knows by itself; a value that is not of its type is refused.', CONFIG_KEYS],
  [
    'System properties',
    'In `zoo.cfg` as they stand here, on the command line with a prefix: `-Dzookeeper.maxCnxns=1000`.',
    PROPERTIES,
  ],
  [
    'System properties without a prefix',
    'Only the command line can set these: `-Djute.maxbuffer=4194304`.',
    BARE_PROPERTIES,
  ],
];

/** The page of all settings of a ZooKeeper server, as Markdown. */
export function configurationPage(): string {
  return [INTRODUCTION, ...PARTS.map(([title, about, table]) => section(title, about, table))].join('\n');
}

const HEADS = ['setting', 'default', 'type', 'here', 'what it is'];

function section(title: string, about: string, table: readonly Setting[]): string {
  const rows = table.map(rowOf);
  const widths = HEADS.map((head, at) =>
    Math.max(...[head, ...rows.map((row) => row[at] ?? '')].map(({ length }) => length)),
  );
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join(' | ')} |`;
  const rule = widths.map((width) => '-'.repeat(width));
  return [`## ${title}`, '', about, '', ...[HEADS, rule, ...rows].map(line), ''].join('\n');
}

function rowOf({ name, defaultValue, type, support, because, documentation }: Setting): readonly string[] {
  const own = defaultValue === null ? 'none' : defaultValue === '' ? 'an empty text' : `\`${defaultValue}\``;
  return [`\`${name}\``, own, type, because === undefined ? support : `${support}: ${because}`, documentation];
}
