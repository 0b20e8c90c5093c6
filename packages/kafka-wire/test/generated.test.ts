import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { generatedFiles } from '../scripts/generated-files.ts';
import { glossary } from '../scripts/glossary.ts';
import { codecs } from '../src/generated/registry.ts';
import type { FieldTable } from '../src/schema/table.ts';

const GENERATED = new URL('../src/generated/', import.meta.url);

describe('what is generated', () => {
  it('is what the generator makes of the tables now; run `pnpm generate` in packages/kafka-wire if not', async () => {
    const expected = await generatedFiles();
    const found = readdirSync(GENERATED, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.ts'));
    expect(found.sort()).toEqual([...expected.keys()].sort());
    for (const [path, text] of expected) expect(readFileSync(new URL(path, GENERATED), 'utf8'), path).toBe(text);
  });

  it('has a sentence about every message, interface and property', async () => {
    for (const [path, text] of await generatedFiles()) {
      const lines = text.split('\n');
      lines.forEach((line, index) => {
        if (!/^export (interface|const|type [A-Z])|^ {2}readonly \w+\??:/.test(line) || path.endsWith('records.ts'))
          return;
        expect(lines[index - 1], `${path}:${index + 1}`).toMatch(/\*\/$/);
      });
    }
  });
});

describe('the glossary', () => {
  it('has no lines that nothing uses', () => {
    const used = new Set<string>();
    for (const { table } of codecs) {
      collect(table.fields, '', used);
      for (const struct of table.commonStructs ?? []) {
        // A shared struct is described under the first field that holds it.
        for (const parent of parentsOf(table.fields, struct.name)) collect(struct.fields, parent, used);
        for (const other of table.commonStructs ?? []) {
          for (const parent of parentsOf(other.fields, struct.name)) collect(struct.fields, parent, used);
        }
      }
    }
    expect(Object.keys(glossary).filter((key) => !used.has(key))).toEqual([]);
  });
});

function collect(fields: readonly FieldTable[], parent: string, used: Set<string>): void {
  for (const { name, type, entityType, fields: inner } of fields) {
    used
      .add(`${parent}.${name} ${type}`)
      .add(`${parent}.${name}`)
      .add(`${name} ${entityType}`)
      .add(`${name} ${type}`)
      .add(name);
    collect(inner ?? [], name, used);
  }
}

function parentsOf(fields: readonly FieldTable[], struct: string): string[] {
  return fields.flatMap(({ name, type, fields: inner }) => [
    ...(type === struct || type === `[]${struct}` ? [name] : []),
    ...parentsOf(inner ?? [], struct),
  ]);
}
