import { type Config, describeConfigs, describeQuotas, describeScram, ResourceType } from '../client/configs.ts';
import { listClientMetrics, listGroups } from '../client/groups.ts';
import type { KafkaClient } from '../client/kafka-client.ts';
import { listTopics } from '../client/topics.ts';
import type { Terminal } from '../command.ts';
import { type Entity, type EntityType, hasQuotas } from './entities.ts';
import { javaDouble } from './java-double.ts';

/** What settings of the kinds that are no quotas are called on the wire, and which of them somebody has set. */
export const RESOURCES: Readonly<
  Partial<
    Record<EntityType, { readonly type: (typeof ResourceType)[keyof typeof ResourceType]; readonly source?: string }>
  >
> = {
  topics: { type: ResourceType.topic, source: 'DYNAMIC_TOPIC_CONFIG' },
  brokers: { type: ResourceType.broker, source: 'DYNAMIC_BROKER_CONFIG' },
  'broker-loggers': { type: ResourceType.brokerLogger },
  'client-metrics': { type: ResourceType.clientMetrics, source: 'DYNAMIC_CLIENT_METRICS_CONFIG' },
  groups: { type: ResourceType.group, source: 'DYNAMIC_GROUP_CONFIG' },
};

/** What quotas of the kinds are called on the wire, and by Apache's tool. */
export const QUOTAS: Readonly<Partial<Record<EntityType, { readonly type: string; readonly word: string }>>> = {
  users: { type: 'user', word: 'user-principal' },
  clients: { type: 'client-id', word: 'client-id' },
  ips: { type: 'ip', word: 'ip' },
};

/** Prints settings, in the words of Apache's `kafka-configs --describe`. @param all with those that nobody has set */
export async function describe(
  client: KafkaClient,
  entities: readonly Entity[],
  { all, json }: { readonly all: boolean; readonly json: boolean },
  terminal: Terminal,
): Promise<void> {
  const [first] = entities as readonly [Entity];
  if (hasQuotas(first)) await describeQuotasOf(client, entities, json, terminal);
  else await describeResources(client, first, all, json, terminal);
}

/** The settings of one thing that somebody has set; or all. */
export async function settingsOf(
  client: KafkaClient,
  type: EntityType,
  name: string,
  all: boolean,
): Promise<readonly Config[]> {
  const resource = RESOURCES[type] as NonNullable<(typeof RESOURCES)[EntityType]>;
  const [settings = []] = await describeConfigs(client, [{ type: resource.type, name }]);
  if (all || resource.source === undefined) return settings;
  const source = type === 'brokers' && name === '' ? 'DYNAMIC_DEFAULT_BROKER_CONFIG' : resource.source;
  return settings.filter((setting) => setting.source === source);
}

async function describeResources(
  client: KafkaClient,
  { type, name }: Entity,
  all: boolean,
  json: boolean,
  terminal: Terminal,
): Promise<void> {
  const described: unknown[] = [];
  for (const one of name === undefined ? await namesOf(client, type) : [name]) {
    if (!json) {
      terminal.print(
        one === ''
          ? `Default configs for ${type} in the cluster are:`
          : `${all ? 'All' : 'Dynamic'} configs for ${type.slice(0, -1)} ${one} are:`,
      );
    }
    const settings = await settingsOf(client, type, one, all);
    if (json) described.push({ type, name: one === '' ? null : one, configs: settings });
    else for (const setting of settings) terminal.print(settingLine(setting));
  }
  if (json) terminal.print(JSON.stringify(described));
}

async function namesOf(client: KafkaClient, type: EntityType): Promise<readonly string[]> {
  switch (type) {
    case 'topics':
      return (await listTopics(client)).map(({ name }) => name);
    case 'brokers':
      return [...(await client.nodes()).nodes.map(({ id }) => String(id)), ''];
    case 'client-metrics':
      return listClientMetrics(client);
    case 'groups':
      return (await listGroups(client)).map(({ group }) => group);
    default:
      return (await client.nodes()).nodes.map(({ id }) => String(id));
  }
}

function settingLine({ name, value, sensitive, synonyms }: Config): string {
  const list = synonyms.map((synonym) => `${synonym.source}:${synonym.name}=${synonym.value}`).join(', ');
  return `  ${name}=${value} sensitive=${sensitive} synonyms={${list}}`;
}

async function describeQuotasOf(
  client: KafkaClient,
  entities: readonly Entity[],
  json: boolean,
  terminal: Terminal,
): Promise<void> {
  const quotas = await describeQuotas(client, quotaParts(entities), true);
  const users = entities.filter(({ type }) => type === 'users');
  const named = users.flatMap(({ name }) => (name === undefined ? [] : [name]));
  const withScram = users.length === 1 && entities.length === 1 && !named.includes('');
  const credentials = withScram ? await describeScram(client, named.length === 0 ? null : named) : new Map();
  if (json) {
    const scram = [...credentials].map(([user, infos]) => ({ user, credentials: infos }));
    terminal.print(JSON.stringify({ quotas, scram }));
    return;
  }
  for (const { entity, values } of quotas) {
    const who = Object.values(QUOTAS).flatMap(({ type, word }) => {
      const name = entity[type];
      return name === undefined ? [] : [name === null ? `the default ${word}` : `${word} '${name}'`];
    });
    const what = Object.entries(values).map(([key, value]) => `${key}=${javaDouble(value)}`);
    terminal.print(`Quota configs for ${who.join(', ')} are ${what.join(', ')}`);
  }
  for (const [user, infos] of credentials) {
    const what = infos.map(
      ({ mechanism, iterations }: (typeof infos)[number]) => `${mechanism}=iterations=${iterations}`,
    );
    terminal.print(`SCRAM credential configs for user-principal '${user}' are ${what.join(', ')}`);
  }
}

/** What to look for: names, null for defaults, undefined for any. */
export function quotaParts(entities: readonly Entity[]): Readonly<Record<string, string | null | undefined>> {
  return Object.fromEntries(entities.map(({ type, name }) => [QUOTAS[type]?.type ?? type, name === '' ? null : name]));
}
