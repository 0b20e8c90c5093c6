import { BROKER_KEYS, DYNAMIC_QUOTA_KEYS, TOPIC_CONFIGS } from '@biquorum/broker';
import type { Java } from '../java/java.ts';

/** Where a setting stands: of brokers, of topics, or of brokers at run time only. */
export type ConfigTableName = 'broker' | 'topic' | 'dynamic';

/** What must be the same on both sides. Absent bounds and formats are null. */
export interface ConfigFacts {
  readonly table: ConfigTableName;
  readonly name: string;
  readonly type: string;
  readonly defaultValue: string | null;
  readonly minimum: number | null;
  readonly maximum: number | null;
  readonly excluded: readonly number[];
  readonly words: readonly string[];
  readonly format: string | null;
  readonly internal: boolean;
  readonly sensitive: boolean;
  readonly update: string | null;
  /** `name×factor`, in order. */
  readonly synonyms: readonly string[];
}

/** A line of `ConfigFacts.java`. */
interface JavaFacts extends Omit<ConfigFacts, 'minimum' | 'maximum' | 'excluded' | 'words' | 'format' | 'synonyms'> {
  readonly validator: string | null;
  readonly validatorText: string | null;
  readonly synonyms: readonly { readonly name: string; readonly factor: number }[];
}

type Entry = (typeof BROKER_KEYS)[number] & Partial<Pick<(typeof TOPIC_CONFIGS)[number], 'synonyms'>>;

/** Our tables. */
export const OUR_TABLES: Readonly<Record<ConfigTableName, readonly Entry[]>> = {
  broker: BROKER_KEYS,
  dynamic: DYNAMIC_QUOTA_KEYS,
  topic: TOPIC_CONFIGS,
};

/** Formats that Java's tables do not know: Apache's broker reads such text when it starts, and then refuses it as we do. */
export const READ_LATER: ReadonlySet<string> = new Set(['host-counts']);

/** The facts of our tables. */
export function ourConfigFacts(): readonly ConfigFacts[] {
  return Object.entries(OUR_TABLES).flatMap(([table, entries]) =>
    entries.map((entry) => ourFacts(table as ConfigTableName, entry)),
  );
}

/** The facts that Apache's classes give. */
export async function javaConfigFacts(java: Java): Promise<readonly ConfigFacts[]> {
  const { stdout } = await java.run('biquorum.oracle.ConfigFacts', ['facts']);
  const lines = stdout.split('\n').filter((line) => line !== '');
  return lines.map((line) => factsOfJava(JSON.parse(line) as JavaFacts));
}

function ourFacts(table: ConfigTableName, entry: Entry): ConfigFacts {
  const { name, type, defaultValue, minimum, maximum, excluded, words, format, internal, update, synonyms } = entry;
  return {
    table,
    name,
    type,
    defaultValue,
    minimum: minimum ?? null,
    maximum: maximum ?? null,
    excluded: excluded ?? [],
    words: words ?? [],
    format: format === undefined || READ_LATER.has(format) ? null : format,
    internal: internal ?? false,
    sensitive: type === 'password',
    update: update ?? null,
    synonyms: (synonyms ?? []).map((synonym) => `${synonym.name}×${synonym.factor ?? 1}`),
  };
}

function factsOfJava({ validator, validatorText, synonyms, ...facts }: JavaFacts): ConfigFacts {
  return {
    ...facts,
    ...NOTHING,
    ...ofValidator(validator, validatorText ?? ''),
    synonyms: synonyms.map(({ name, factor }) => `${name}×${factor}`),
  };
}

type Allowed = Pick<ConfigFacts, 'minimum' | 'maximum' | 'excluded' | 'words' | 'format'>;

const NOTHING: Allowed = { minimum: null, maximum: null, excluded: [], words: [], format: null };

/** What a validator allows, as far as its class and its text tell; the rest is found out by asking it. */
function ofValidator(validator: string | null, text: string): Partial<Allowed> {
  switch (validator) {
    case null:
    case 'NonNullValidator':
      return {};
    case 'Range':
      return ofRange(text);
    case 'ValidString':
    case 'ValidList':
      return { words: wordsOf(text) };
    case 'CaseInsensitiveValidString':
      return { words: wordsOf(text), format: 'any-case' };
    case 'NonEmptyString':
      return { format: 'non-empty' };
    case 'MetadataVersionValidator':
      return { format: 'protocol-version' };
    case 'ControllerQuorumVotersValidator':
      return { format: 'voters' };
    case 'ControllerQuorumBootstrapServersValidator':
      return { format: 'addresses' };
    case 'ThrottledReplicaListValidator':
      return { format: 'throttled-replicas' };
    // −1 or a positive number: the sizes of thread pools.
    case 'LambdaValidator':
      return { minimum: -1, excluded: [0] };
    // The validator of gzip's level has no name.
    case '':
      return { ...ofRange(text.replace(/ or -1$/, '')), minimum: -1, excluded: [0] };
    default:
      throw new Error(`validator ${validator} is not known here: ${text}`);
  }
}

function ofRange(text: string): Pick<Allowed, 'minimum' | 'maximum'> {
  const match = /^\[([^,]+),\.\.\.(?:,([^\]]+))?\]$/.exec(text);
  if (match === null) throw new Error(`no range: ${text}`);
  return { minimum: Number(match[1]), maximum: match[2] === undefined ? null : Number(match[2]) };
}

function wordsOf(text: string): readonly string[] {
  return text.slice(text.indexOf('[') + 1, -1).split(', ');
}
