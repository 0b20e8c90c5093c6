import { readdirSync, readFileSync } from 'node:fs';
import type { MessageTable } from '../src/schema/table.ts';
import { parseVersions } from '../src/schema/versions.ts';
import { docComment } from './doc-comment.ts';
import { interfaceNames, interfacesOf } from './interfaces.ts';

const SOURCE = new URL('../src/', import.meta.url);

/** Folders of `src` that hold tables. */
const FOLDERS = [
  'consumer-offsets',
  'consumer-protocol',
  'headers',
  'messages',
  'metadata-records',
  'principal',
  'raft',
  'remote-log-metadata',
  'transaction-state',
] as const;

/** Tables of one module, by the path of the module in `src`. */
interface TableModule {
  readonly folder: (typeof FOLDERS)[number];
  readonly file: string;
  readonly tables: ReadonlyMap<string, MessageTable>;
}

/** What the generator makes: text by path within `src/generated`. */
export async function generatedFiles(): Promise<Map<string, string>> {
  const modules = await readModules();
  const files = new Map<string, string>();
  for (const module of modules) files.set(`${module.folder}/${module.file}`, messageModule(module));
  for (const folder of FOLDERS)
    files.set(`${folder}/index.ts`, barrel(modules.filter((module) => module.folder === folder)));
  files.delete('messages/index.ts');
  files.set('metadata-records/records.ts', typedRecords(modules, 'metadata-records', 'MetadataRecord'));
  files.set('remote-log-metadata/records.ts', typedRecords(modules, 'remote-log-metadata', 'RemoteLogRecord'));
  files.set('types.ts', typesModule(modules));
  files.set('apis.ts', apisModule(modules));
  files.set('registry.ts', registryModule(modules));
  return files;
}

async function readModules(): Promise<TableModule[]> {
  const modules: TableModule[] = [];
  for (const folder of FOLDERS) {
    for (const file of readdirSync(new URL(`${folder}/`, SOURCE)).sort()) modules.push(await readModule(folder, file));
  }
  return modules;
}

/** Tables come in the order of the source, which exports do not keep. */
async function readModule(folder: TableModule['folder'], file: string): Promise<TableModule> {
  const url = new URL(`${folder}/${file}`, SOURCE);
  const exports = (await import(url.href)) as Record<string, MessageTable>;
  const names = [...readFileSync(url, 'utf8').matchAll(/^export const (\w+Table) /gm)].map(
    (match) => match[1] as string,
  );
  return { folder, file, tables: new Map(names.map((name) => [name, exports[name] as MessageTable])) };
}

function messageModule({ folder, file, tables }: TableModule): string {
  const bodies = [...tables.values()].map(interfacesOf);
  const codecs = [...tables].map(([constant, table]) => {
    const doc = docComment('', [`Reads and writes {@link ${table.name}}.`]);
    return `${doc}export const ${codecName(constant)}: MessageCodec<${table.name}> = /* @__PURE__ */ codec(${constant});\n`;
  });
  const text = [...bodies, ...codecs].join('\n');
  const imports = [
    `import { codec, type MessageCodec } from '../../codec/message-codec.ts';`,
    ...(text.includes('UnknownTag[]') ? [`import type { UnknownTag } from '../../codec/unknown-tag.ts';`] : []),
    importTables(folder, file, [...tables.keys()]),
    ...(/: (readonly )?Uuid\b/.test(text) ? [`import type { Uuid } from '../../uuid.ts';`] : []),
  ];
  return `${banner(`src/${folder}/${file}`)}${imports.join('\n')}\n\n${text}`;
}

function importTables(folder: string, file: string, constants: string[]): string {
  return `import { ${constants.sort().join(', ')} } from '../../${folder}/${file}';`;
}

function barrel(modules: readonly TableModule[]): string {
  return `${banner('the tables beside it in src')}${modules.map(({ file }) => `export * from './${file}';\n`).join('')}`;
}

/** The union of the records of a log, and their codecs by name. */
function typedRecords(modules: readonly TableModule[], folder: string, union: string): string {
  const own = modules.filter((module) => module.folder === folder);
  const imports = own.map(({ file, tables }) => {
    const names = [...tables].flatMap(([constant, table]) => [codecName(constant), `type ${table.name}`]);
    return `import {\n${names.map((name) => `  ${name},\n`).join('')}} from './${file}';\n`;
  });
  const tables = own.flatMap((module) => [...module.tables]);
  const members = tables.map(
    ([, { name }]) => `  | { readonly type: '${name}'; readonly version: number; readonly record: ${name} }\n`,
  );
  const entries = tables.map(([, { name }]) => `  readonly ${name}: MessageCodec<${name}>;\n`);
  const values = tables.map(([constant, { name }]) => `  ${name}: ${codecName(constant)},\n`);
  const constant = `${union[0]?.toLowerCase()}${union.slice(1)}Codecs`;
  const unionDoc = docComment('', ['A record with the name of its type and the version it was written in.']);
  const codecsDoc = docComment('', ['The codec of each type of record, by name.']);
  return [
    `${banner('the tables of the folder')}import type { MessageCodec } from '../../codec/message-codec.ts';\n${imports.join('')}`,
    `${unionDoc}export type ${union} =\n${members.join('').trimEnd()};\n`,
    `${codecsDoc}export const ${constant}: {\n${entries.join('')}} = {\n${values.join('')}};\n`,
  ].join('\n');
}

function typesModule(modules: readonly TableModule[]): string {
  const exports = modules.map(({ folder, file, tables }) => {
    const names = [...tables.values()].flatMap(interfaceNames).sort();
    return `export type {\n${names.map((name) => `  ${name},\n`).join('')}} from './${folder}/${file}';\n`;
  });
  return `${banner('all tables')}${exports.join('')}`;
}

function apisModule(modules: readonly TableModule[]): string {
  const requests = apiTables(modules, 'request');
  const rows = requests.map((request) => {
    const name = request.name.replace(/Request$/, '');
    const valid = parseVersions(request.validVersions);
    const flexible = parseVersions(request.flexibleVersions);
    const deprecated = parseVersions(request.deprecatedVersions);
    const properties = [
      `key: ${request.apiKey}`,
      `name: '${name}'`,
      `lowestVersion: ${valid.lowest}`,
      `highestVersion: ${valid.highest}`,
      `firstFlexibleVersion: ${flexible.lowest > flexible.highest ? 'undefined' : flexible.lowest}`,
      `highestDeprecatedVersion: ${deprecated.lowest > deprecated.highest ? 'undefined' : deprecated.highest}`,
      `latestVersionUnstable: ${request.latestVersionUnstable ?? false}`,
      `listeners: [${(request.listeners ?? []).map((listener) => `'${listener}'`).join(', ')}]`,
      `clusterAction: ${request.clusterAction ?? false}`,
      `forwardable: ${request.forwardable ?? false}`,
    ];
    return `  {\n${properties.map((property) => `    ${property},\n`).join('')}  },\n`;
  });
  const doc = docComment('', ['Every API, by ascending key.']);
  return `${banner('src/messages')}import type { ApiInfo } from '../apis.ts';\n\n${doc}export const apis: readonly ApiInfo[] = [\n${rows.join('')}];\n`;
}

function registryModule(modules: readonly TableModule[]): string {
  const imports = modules.map(({ folder, file, tables }) => {
    const names = [...tables.keys()].map(codecName).sort();
    return `import { ${names.join(', ')} } from './${folder}/${file}';\n`;
  });
  const all = modules.flatMap(({ tables }) => [...tables.keys()].map(codecName));
  const codecs = `${docComment('', ['The codec of every message.'])}export const codecs: readonly MessageCodec<unknown>[] = [\n${all.map((name) => `  ${name},\n`).join('')}];\n`;
  return `${banner('all tables')}import type { MessageCodec } from '../codec/message-codec.ts';\n${imports.join('')}\n${codecs}`;
}

function apiTables(modules: readonly TableModule[], type: 'request' | 'response'): MessageTable[] {
  return modules
    .filter(({ folder }) => folder === 'messages')
    .flatMap(({ tables }) => [...tables.values()])
    .filter((table) => table.type === type)
    .sort((a, b) => (a.apiKey as number) - (b.apiKey as number));
}

function codecName(constant: string): string {
  return constant.replace(/Table$/, '');
}

function banner(origin: string): string {
  return `// Made by scripts/generate.ts from ${origin}. Change the tables, then run: pnpm generate\n`;
}
