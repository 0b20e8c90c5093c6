import { type ConfigEntry, type ConfigTable, KRAFT_KEYS, ZOOKEEPER_KEYS } from '@biquorum/control-plane';
import { allowedValues } from '../src/config/allowed-values.ts';
import { DYNAMIC_QUOTA_KEYS } from '../src/config/keys/dynamic-quota-keys.ts';
import { GROUP_KEYS } from '../src/config/keys/group-keys.ts';
import { LISTENER_KEYS } from '../src/config/keys/listener-keys.ts';
import { LOG_KEYS } from '../src/config/keys/log-keys.ts';
import { METRIC_KEYS } from '../src/config/keys/metric-keys.ts';
import { NODE_KEYS } from '../src/config/keys/node-keys.ts';
import { QUOTA_KEYS } from '../src/config/keys/quota-keys.ts';
import { REMOTE_STORAGE_KEYS } from '../src/config/keys/remote-storage-keys.ts';
import { REPLICATION_KEYS } from '../src/config/keys/replication-keys.ts';
import { SASL_KEYS } from '../src/config/keys/sasl-keys.ts';
import { SECURITY_KEYS } from '../src/config/keys/security-keys.ts';
import { SHARE_GROUP_KEYS } from '../src/config/keys/share-group-keys.ts';
import { TLS_KEYS } from '../src/config/keys/tls-keys.ts';
import { TOPIC_DEFAULT_KEYS } from '../src/config/keys/topic-default-keys.ts';
import { TRANSACTION_KEYS } from '../src/config/keys/transaction-keys.ts';
import { TOPIC_CONFIGS, type TopicConfig } from '../src/config/topic-configs.ts';

interface Area {
  readonly title: string;
  readonly table: ConfigTable;
}

/** The tables of settings, in the order of the page. */
export const AREAS: readonly Area[] = [
  { title: 'The node', table: NODE_KEYS },
  { title: 'Listeners and connections', table: LISTENER_KEYS },
  { title: 'Defaults of new topics', table: TOPIC_DEFAULT_KEYS },
  { title: 'Logs', table: LOG_KEYS },
  { title: 'Replication', table: REPLICATION_KEYS },
  { title: 'Consumer groups', table: GROUP_KEYS },
  { title: 'Share groups', table: SHARE_GROUP_KEYS },
  { title: 'Transactions', table: TRANSACTION_KEYS },
  { title: 'Security', table: SECURITY_KEYS },
  { title: 'TLS', table: TLS_KEYS },
  { title: 'SASL', table: SASL_KEYS },
  { title: 'Quotas', table: QUOTA_KEYS },
  { title: 'Metrics', table: METRIC_KEYS },
  { title: 'Tiered storage', table: REMOTE_STORAGE_KEYS },
  { title: 'ZooKeeper mode', table: ZOOKEEPER_KEYS },
  { title: 'KRaft mode', table: KRAFT_KEYS },
];

const INTRODUCTION = `# Configuration

Every setting that Apache Kafka 3.9 has, by its own name. A node is configured by a \`server.properties\` as Apache's is; this page is made from the table that reads it, by \`pnpm --filter @biquorum/broker generate\`.

What we make of a setting:

- **effective**: it does what it does in Apache Kafka.
- **accepted**: it is read and checked, and changes nothing; the reason, or until when, stands beside it. The node says so when it starts.
- **refused**: no value but the default is taken, since any other would promise what is not there. The node does not start.

At run time (\`kafka-configs\`) a setting can be changed for each broker, for the whole cluster, or not at all. Where "(restart)" stands Apache changes it at run time and we do not yet: such a change is refused. What was set for one broker wins over what was set for all, that over the file, and that over the default. Of several units of one setting the finest that is set wins. Sensitive values are never shown. Settings in italics are internal: Apache reads them but does not list them.
`;

/** The page of all settings, as Markdown. */
export function configurationPage(): string {
  const parts = [INTRODUCTION, ...AREAS.map(({ title, table }) => section(title, table, brokerColumns))];
  parts.push(section('Set at run time only', DYNAMIC_QUOTA_KEYS, runTimeColumns));
  parts.push(section('Topics', TOPIC_CONFIGS, topicColumns));
  return parts.join('\n');
}

type Columns<Entry> = Readonly<Record<string, (entry: Entry) => string>>;

const common: Columns<ConfigEntry> = {
  setting: ({ name, internal }) => (internal ? `_\`${name}\`_` : `\`${name}\``),
  default: ({ defaultValue, type }) => defaultText(defaultValue, type),
  values: valuesText,
};
const about: Columns<ConfigEntry> = {
  here: ({ support, because }) => (because === undefined ? support : `${support}: ${because}`),
  'what it is': ({ documentation }) => documentation,
};
const brokerColumns: Columns<ConfigEntry> = { ...common, 'at run time': updateText, ...about };
const runTimeColumns: Columns<ConfigEntry> = { ...common, ...about };
const topicColumns: Columns<TopicConfig> = {
  ...common,
  "default from the broker's": ({ synonyms }) => synonyms.map(({ name }) => `\`${name}\``).join(', ') || 'none',
  ...about,
};

function section<Entry>(title: string, table: readonly Entry[], columns: Columns<Entry>): string {
  const heads = Object.keys(columns);
  const rows = table.map((entry) => heads.map((head) => escapeCell(columns[head]?.(entry) ?? '')));
  const widths = heads.map((head, at) =>
    Math.max(...[head, ...rows.map((row) => row[at] ?? '')].map((cell) => cell.length)),
  );
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join(' | ')} |`;
  const rule = widths.map((width) => '-'.repeat(width));
  return [`## ${title}`, '', ...[heads, rule, ...rows].map(line), ''].join('\n');
}

function valuesText(entry: ConfigEntry): string {
  const { type, minimum, maximum, excluded, words, format } = entry;
  if (words !== undefined || format !== undefined) return allowedValues(entry);
  if (type === 'password') return 'password, sensitive';
  if (minimum === undefined) return type;
  const bounds = maximum === undefined ? `from ${minimum}` : `${minimum} to ${maximum}`;
  return excluded === undefined ? `${type}, ${bounds}` : `${type}, ${bounds}, not ${excluded.join(', ')}`;
}

function updateText({ update, needsRestart }: ConfigEntry): string {
  if (update === undefined) return 'no';
  return needsRestart ? `${update} (restart)` : update;
}

const ENDLESS = new Map([
  ['9223372036854775807', '2^63 − 1'],
  ['2147483647', '2^31 − 1'],
]);

function defaultText(value: string | null, type: string): string {
  if (value === null) return 'none';
  if (value === '') return type === 'list' ? 'an empty list' : 'an empty text';
  return ENDLESS.get(value) ?? `\`${value}\``;
}

function escapeCell(text: string): string {
  return text.replaceAll('|', '\\|');
}
