/** First and last version of a range, `[1, 0]` for none; an open range ends at 32767. */
export type Range = readonly [lowest: number, highest: number];

/** A default as the constructor of a generated class leaves it: `{}` stands for a struct of defaults. */
export type Default = null | boolean | number | string | readonly [] | { readonly [name: string]: never };

/** What is to be said about a field, with nothing left to convention. */
export interface FieldFacts {
  readonly name: string;
  readonly type: string;
  readonly versions: Range;
  readonly nullableVersions: Range;
  readonly taggedVersions: Range;
  readonly flexibleVersions: Range | undefined;
  readonly tag: number | undefined;
  readonly default: Default;
  readonly ignorable: boolean;
  readonly mapKey: boolean;
  readonly entityType: string | undefined;
  readonly zeroCopy: boolean;
  /** Fields of a struct that is declared where it is used. */
  readonly fields: readonly FieldFacts[];
}

/** What is to be said about a struct that fields share. */
export interface StructFacts {
  readonly name: string;
  readonly versions: Range;
  readonly fields: readonly FieldFacts[];
}

/** What is to be said about a message. */
export interface MessageFacts {
  readonly name: string;
  readonly type: string;
  readonly apiKey: number | undefined;
  readonly listeners: readonly string[];
  readonly validVersions: Range;
  readonly deprecatedVersions: Range;
  readonly flexibleVersions: Range;
  readonly latestVersionUnstable: boolean;
  readonly fields: readonly FieldFacts[];
  readonly commonStructs: readonly StructFacts[];
}

/** A field as definitions and tables write it, conventions and all. */
export interface WrittenField {
  readonly name: string;
  readonly type: string;
  readonly versions: string;
  readonly nullableVersions?: string;
  readonly taggedVersions?: string;
  readonly flexibleVersions?: string;
  /** A number, sometimes spelled as text. */
  readonly tag?: number | string;
  readonly default?: unknown;
  readonly ignorable?: boolean;
  readonly mapKey?: boolean;
  readonly entityType?: string;
  readonly zeroCopy?: boolean;
  readonly fields?: readonly WrittenField[];
}

/** A message as definitions and tables write it. */
export interface WrittenMessage {
  readonly name: string;
  readonly type: string;
  readonly apiKey?: number;
  readonly listeners?: readonly string[];
  readonly validVersions: string;
  readonly deprecatedVersions?: string;
  readonly flexibleVersions: string;
  readonly latestVersionUnstable?: boolean;
  readonly fields: readonly WrittenField[];
  readonly commonStructs?: readonly {
    readonly name: string;
    readonly versions: string;
    readonly fields: readonly WrittenField[];
  }[];
}

/** The facts of a message. Definitions spell property names with a capital, tables do not; facts do not. */
export function messageFacts(message: WrittenMessage): MessageFacts {
  return {
    name: message.name,
    type: message.type,
    apiKey: message.apiKey,
    listeners: [...(message.listeners ?? [])].sort(),
    validVersions: range(message.validVersions),
    deprecatedVersions: range(message.deprecatedVersions),
    flexibleVersions: range(message.flexibleVersions),
    latestVersionUnstable: message.latestVersionUnstable ?? false,
    fields: message.fields.map(fieldFacts),
    commonStructs: (message.commonStructs ?? [])
      .map(({ name, versions, fields }) => ({ name, versions: range(versions), fields: fields.map(fieldFacts) }))
      .sort((a, b) => (a.name < b.name ? -1 : 1)),
  };
}

function fieldFacts(field: WrittenField): FieldFacts {
  return {
    name: field.name.charAt(0).toLowerCase() + field.name.slice(1),
    type: field.type,
    versions: range(field.versions),
    nullableVersions: range(field.nullableVersions),
    taggedVersions: range(field.taggedVersions),
    flexibleVersions: field.flexibleVersions === undefined ? undefined : range(field.flexibleVersions),
    tag: field.tag === undefined ? undefined : Number(field.tag),
    default: defaultOf(field.type, field.default),
    ignorable: field.ignorable ?? false,
    mapKey: field.mapKey ?? false,
    entityType: field.entityType,
    zeroCopy: field.zeroCopy ?? false,
    fields: (field.fields ?? []).map(fieldFacts),
  };
}

/** Source: `org.apache.kafka.message.Versions`. */
function range(text = 'none'): Range {
  if (text === 'none') return [1, 0];
  const match = /^(\d+)(?:-(\d+)|(\+))?$/.exec(text);
  if (match === null) throw new Error(`'${text}' is no range of versions`);
  const lowest = Number(match[1]);
  return [lowest, match[3] === '+' ? 0x7fff : Number(match[2] ?? lowest)];
}

/** Source: `org.apache.kafka.message.FieldSpec`, which reads every default from a string. */
function defaultOf(type: string, written: unknown): Default {
  const text = written === undefined ? '' : String(written);
  if (text === 'null' || (type === 'records' && text === '')) return null;
  if (type.startsWith('[]')) return plain(type, text, []);
  switch (type) {
    case 'bool':
      return text === 'true';
    case 'int8':
    case 'int16':
    case 'uint16':
    case 'int32':
    case 'uint32':
    case 'int64':
    case 'float64':
      return text === '' ? 0 : Number(text);
    case 'string':
      return text;
    case 'bytes':
    case 'uuid':
    case 'records':
      return plain(type, text, '');
    default:
      return plain(type, text, {});
  }
}

function plain(type: string, text: string, value: Default): Default {
  if (text !== '') throw new Error(`a default of '${text}' makes no sense for ${type}`);
  return value;
}
