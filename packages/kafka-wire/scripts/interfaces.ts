import type { FieldTable, MessageTable, StructTable } from '../src/schema/table.ts';
import {
  coversVersions,
  intersectVersions,
  isEmptyRange,
  MAX_VERSION,
  parseVersions,
  type VersionRange,
} from '../src/schema/versions.ts';
import { docComment } from './doc-comment.ts';
import { glossary } from './glossary.ts';

/** A struct of a message and where it occurs. */
interface NamedStruct {
  readonly name: string;
  readonly interfaceName: string;
  readonly fields: readonly FieldTable[];
  readonly usedBy: FieldTable[];
}

/** Names of the interfaces of a message, its own first. */
export function interfaceNames(table: MessageTable): string[] {
  return [table.name, ...structsOf(table).map((struct) => struct.interfaceName)];
}

/** The interfaces of a message and its structs, as TypeScript. */
export function interfacesOf(table: MessageTable): string {
  const structs = structsOf(table);
  const body = (fields: readonly FieldTable[], parent: string) => interfaceBody(table, structs, fields, parent);
  const root = `${docComment('', messageDoc(table))}export interface ${table.name} {\n${body(table.fields, '')}}\n`;
  const nested = structs.map((struct) => {
    const parent = (struct.usedBy[0] as FieldTable).name;
    return `${docComment('', [structDoc(struct)])}export interface ${struct.interfaceName} {\n${body(struct.fields, parent)}}\n`;
  });
  return [root, ...nested].join('\n');
}

/** All structs of a message, in the order in which they first occur. */
function structsOf(table: MessageTable): NamedStruct[] {
  const found = new Map<string, NamedStruct>();
  const visit = (fields: readonly FieldTable[]): void => {
    for (const field of fields) {
      const name = elementType(field);
      const inner = field.fields ?? commonStruct(table, name)?.fields;
      if (inner === undefined) continue;
      const known = found.get(name);
      if (known === undefined) {
        const interfaceName = name.startsWith(table.name) ? name : `${table.name}${name}`;
        found.set(name, { name, interfaceName, fields: inner, usedBy: [field] });
        visit(inner);
      } else if (!known.usedBy.some((other) => other.name === field.name)) {
        known.usedBy.push(field);
      }
    }
  };
  visit(table.fields);
  return [...found.values()];
}

function commonStruct(table: MessageTable, name: string): StructTable | undefined {
  return table.commonStructs?.find((struct) => struct.name === name);
}

function interfaceBody(
  table: MessageTable,
  structs: readonly NamedStruct[],
  fields: readonly FieldTable[],
  parent: string,
): string {
  const properties = fields.map((field) => {
    const doc = `${fieldDoc(field, parent)}${fieldFacts(table, field)}`;
    return `${docComment('  ', [doc])}  readonly ${field.name}: ${propertyType(structs, field)};\n`;
  });
  if (!isEmptyRange(parseVersions(table.flexibleVersions))) {
    properties.push(
      `${docComment('  ', ['Tagged fields that the tables do not know, by ascending tag.'])}  readonly unknownTags?: readonly UnknownTag[];\n`,
    );
  }
  return properties.join('');
}

function propertyType(structs: readonly NamedStruct[], field: FieldTable): string {
  const element = elementTypeScript(structs, field);
  const type = field.type.startsWith('[]') ? `readonly ${element}[]` : element;
  return isEmptyRange(parseVersions(field.nullableVersions)) ? type : `${type} | null`;
}

function elementTypeScript(structs: readonly NamedStruct[], field: FieldTable): string {
  const type = elementType(field);
  switch (type) {
    case 'bool':
      return 'boolean';
    case 'int64':
      return field.wide === true ? 'bigint' : 'number';
    case 'int8':
    case 'int16':
    case 'uint16':
    case 'int32':
    case 'uint32':
    case 'float64':
      return 'number';
    case 'string':
      return 'string';
    case 'bytes':
    case 'records':
      return 'Uint8Array';
    case 'uuid':
      return 'Uuid';
    default:
      return (structs.find((struct) => struct.name === type) as NamedStruct).interfaceName;
  }
}

function elementType(field: FieldTable): string {
  return field.type.startsWith('[]') ? field.type.slice(2) : field.type;
}

function fieldDoc(field: FieldTable, parent: string): string {
  if (field.doc !== undefined) return field.doc;
  const keys = [
    `${parent}.${field.name} ${field.type}`,
    `${parent}.${field.name}`,
    `${field.name} ${field.entityType}`,
    `${field.name} ${field.type}`,
    field.name,
  ];
  const key = keys.find((candidate) => Object.hasOwn(glossary, candidate));
  if (key === undefined)
    throw new Error(`the glossary lacks '${field.name}'; add a line about it to scripts/glossary.ts`);
  return glossary[key] as string;
}

/** Versions, tag and default, where they say anything. */
function fieldFacts(table: MessageTable, field: FieldTable): string {
  const valid = parseVersions(table.validVersions);
  const versions = intersectVersions(parseVersions(field.versions), valid);
  const facts: string[] = [];
  if (!coversVersions(versions, valid)) facts.push(versionsText(versions, valid));
  if (field.tag !== undefined) facts.push(`tag ${field.tag}`);
  const standard = field.default;
  if (standard !== undefined && standard !== null) facts.push(`default ${String(standard).replace('-', '−')}`);
  const text = facts.join(', ');
  return text === '' ? '' : ` ${text[0]?.toUpperCase()}${text.slice(1)}.`;
}

function versionsText(versions: VersionRange, valid: VersionRange): string {
  const { lowest, highest } = versions;
  if (isEmptyRange(versions)) return 'in no version';
  if (highest === valid.highest && lowest !== highest) return `versions ${lowest}+`;
  return lowest === highest ? `version ${lowest}` : `versions ${lowest}–${highest}`;
}

function structDoc(struct: NamedStruct): string {
  const uses = struct.usedBy.map(
    (field) => `${field.type.startsWith('[]') ? 'an element of' : 'the value of'} \`${field.name}\``,
  );
  const text = uses.join(', or ');
  return `${text[0]?.toUpperCase()}${text.slice(1)}.`;
}

function messageDoc(table: MessageTable): string[] {
  const valid = parseVersions(table.validVersions);
  const kind = kindText(table);
  const range =
    valid.lowest === valid.highest ? `version ${valid.lowest}` : `versions ${valid.lowest}–${valid.highest}`;
  const facts = [`${kind}, ${range}`];
  const flexible = parseVersions(table.flexibleVersions);
  if (!isEmptyRange(flexible) && valid.lowest !== valid.highest) {
    facts.push(
      flexible.lowest <= valid.lowest && flexible.highest === MAX_VERSION
        ? 'all flexible'
        : `flexible from ${flexible.lowest}`,
    );
  }
  if (table.deprecatedVersions !== undefined) facts.push(`deprecated: ${table.deprecatedVersions.replace('-', '–')}`);
  if (table.latestVersionUnstable === true) facts.push('the newest version is not stable');
  return [table.doc, `${facts.join('; ')}.`];
}

function kindText(table: MessageTable): string {
  switch (table.type) {
    case 'request':
      return `Request of API ${table.apiKey}`;
    case 'response':
      return `Response of API ${table.apiKey}`;
    case 'metadata':
      return `Record type ${table.apiKey}`;
    case 'header':
      return 'Header';
    case 'data':
      return 'Data';
  }
}
