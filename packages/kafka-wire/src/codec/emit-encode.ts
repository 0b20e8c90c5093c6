import {
  type Field,
  fixedSizeOf,
  type Primitive,
  presenceOf,
  type Schema,
  type Struct,
  startsAsNull,
} from '../schema/schema.ts';
import { includesVersion } from '../schema/versions.ts';
import { defaultOf } from './defaults.ts';
import { expressionOf, Source } from './source.ts';

/**
 * Writes the body of a function `(scratch, value)` that encodes one version of a message in a straight line, from
 * `scratch.at` on, and moves that behind it.
 *
 * The code keeps its position in `o`, makes room once for each run of fields whose sizes are known, and throws `FAULT`
 * for whatever cannot be written. It must write exactly what the interpreter writes.
 */
export function emitEncoder(schema: Schema, version: number): Source {
  const source = new Source();
  source.add('let b = scratch.bytes, v = scratch.view, o = scratch.at;');
  new EncodeEmitter(schema, version, source).message();
  source.add('scratch.at = o;');
  return source;
}

class EncodeEmitter {
  readonly #schema: Schema;
  readonly #version: number;
  readonly #source: Source;
  readonly #flexible: boolean;
  /** Bytes from `o` on for which there is room. */
  #room = 0;
  /** Bytes from `o` on that were written. */
  #written = 0;

  constructor(schema: Schema, version: number, source: Source) {
    this.#schema = schema;
    this.#version = version;
    this.#source = source;
    this.#flexible = includesVersion(schema.flexible, version);
  }

  message(): void {
    this.#source.add("if (typeof value !== 'object' || value === null) throw FAULT;");
    this.#struct(this.#schema.root, 'value');
    this.#settle();
  }

  /** Writes the fields of the object that the expression stands for. */
  #struct(struct: Struct, object: string): void {
    const inline = struct.fields.filter((field) => presenceOf(field, this.#version) === 'inline');
    for (const field of struct.fields) {
      const presence = presenceOf(field, this.#version);
      if (presence === 'inline') {
        const variable = this.#valueOf(field, object);
        this.#field(field, variable, false, () => this.#leadingBytes(inline.slice(inline.indexOf(field))));
      } else if (presence === 'absent' && !field.ignorable) {
        const variable = this.#source.name(field.name);
        this.#source.add(
          `const ${variable} = ${object}.${field.name};`,
          `if (${this.#differs(field, variable)}) throw FAULT;`,
        );
      }
    }
    if (this.#flexible) this.#taggedFields(struct, object);
    else this.#noTags(object);
  }

  #noTags(object: string): void {
    const unknownTags = this.#source.name('unknownTags');
    this.#source.add(
      `const ${unknownTags} = ${object}.unknownTags;`,
      `if (${unknownTags} != null && countUnknownTags(${unknownTags}, []) !== 0) throw FAULT;`,
    );
  }

  /** A variable with the field's value, or its default. */
  #valueOf(field: Field, object: string): string {
    const variable = this.#source.name(field.name);
    this.#source.add(`let ${variable} = ${object}.${field.name};`);
    this.#source.add(`if (${variable} === undefined) ${variable} = ${expressionOf(this.#source, defaultOf(field))};`);
    return variable;
  }

  /** A condition: the value says something else than the field's default. */
  #differs(field: Field, variable: string): string {
    const given = `${variable} !== undefined`;
    if (startsAsNull(field)) return `${given} && ${variable} !== null`;
    if (field.isArray)
      return `${given} && (${variable} === null || typeof ${variable} !== 'object' || ${variable}.length !== 0)`;
    if (field.type === 'bytes')
      return `${given} && (${variable} === null || typeof ${variable} !== 'object' || ${variable}.byteLength !== 0)`;
    const standard = expressionOf(this.#source, defaultOf(field));
    if (typeof field.type !== 'string') {
      const struct = this.#source.constant(field.type);
      return `${given} && ${variable} !== ${standard} && (${variable} === null || typeof ${variable} !== 'object' || !isDefaultStruct(${struct}, ${variable}))`;
    }
    if (field.wide) return `${given} && ${variable} !== ${standard} && ${variable} !== ${field.default ?? 0}`;
    return `${given} && ${variable} !== ${standard}`;
  }

  #taggedFields(struct: Struct, object: string): void {
    const source = this.#source;
    const tagged = struct.fields
      .filter((field) => presenceOf(field, this.#version) === 'tagged')
      .sort((a, b) => a.tag - b.tag);
    const variables = new Map(tagged.map((field) => [field, source.name(field.name)]));
    const unknownTags = source.name('unknownTags');
    const count = source.name('count');
    const defined = source.constant(struct.fields.filter((field) => field.tag >= 0).map((field) => field.tag));
    source.add(
      `const ${unknownTags} = ${object}.unknownTags;`,
      `let ${count} = ${unknownTags} == null ? 0 : countUnknownTags(${unknownTags}, ${defined});`,
    );
    for (const [field, variable] of variables) {
      source.add(
        `const ${variable} = ${object}.${field.name};`,
        `const ${variable}_set = ${this.#differs(field, variable)};`,
      );
      source.add(`if (${variable}_set) ${count}++;`);
    }
    this.#settleWithRoom(COUNT_BYTES, () => 0);
    source.add(`if (${count} === 0) b[o++] = 0; else { o = varint(b, o, ${count});`);
    const next = source.name('next');
    if (tagged.length > 0) source.add(`let ${next} = 0;`);
    for (const [field, variable] of variables) {
      source.add(
        `if (${unknownTags} != null) { ${next} = unknownTagsBelow(scratch, o, ${unknownTags}, ${next}, ${field.tag}); ${AFTER_HELPER} }`,
      );
      source.add(`if (${variable}_set) {`);
      this.#taggedField(field, variable);
      source.add('}');
    }
    const from = tagged.length > 0 ? next : '0';
    source.add(
      `if (${unknownTags} != null) { unknownTagsBelow(scratch, o, ${unknownTags}, ${from}, Infinity); ${AFTER_HELPER} }`,
    );
    source.add('}');
  }

  #taggedField(field: Field, variable: string): void {
    const source = this.#source;
    const start = source.name('start');
    this.#settleWithRoom(COUNT_BYTES + 1, () => 0);
    // One byte is left for the size.
    source.add(`o = varint(b, o, ${field.tag}) + 1;`, `const ${start} = o;`);
    const fixed = field.isArray ? undefined : fixedSizeOf(field.type);
    this.#field(field, variable, true, () => fixed ?? 0);
    this.#settle();
    if (fixed !== undefined) source.add(`b[${start} - 1] = ${fixed};`);
    else source.add(`o = endTagged(scratch, ${start}, o);`, RELOAD);
  }

  #field(field: Field, variable: string, tagged: boolean, ahead: () => number): void {
    if (field.isArray) this.#array(field, variable, ahead);
    else if (typeof field.type === 'string') {
      this.#primitive(field, field.type, variable, ahead, this.#mayBeNull(field));
    } else if (this.#mayBeNull(field)) {
      this.#nullableStruct(field.type, variable, tagged, ahead);
    } else {
      this.#source.add(`if (typeof ${variable} !== 'object' || ${variable} === null) throw FAULT;`);
      this.#struct(field.type, variable);
    }
  }

  #nullableStruct(struct: Struct, variable: string, tagged: boolean, ahead: () => number): void {
    const source = this.#source;
    const at = this.#take(1, ahead);
    source.add(`if (typeof ${variable} !== 'object') throw FAULT;`);
    source.add(`b[${at}] = ${variable} === null ? ${tagged ? 0 : 255} : 1;`);
    this.#settle();
    source.add(`if (${variable} !== null) {`);
    this.#struct(struct, variable);
    this.#settle();
    source.add('}');
  }

  #array(field: Field, variable: string, ahead: () => number): void {
    const source = this.#source;
    const compact = this.#isCompact(field);
    const fixed = fixedSizeOf(field.type);
    const count = source.name('count');
    const index = source.name('i');
    const element = source.name('element');
    this.#settleWithRoom(COUNT_BYTES, ahead);
    if (this.#mayBeNull(field)) {
      source.add(`if (${variable} === null) { ${compact ? 'b[o++] = 0;' : 'v.setInt32(o, -1); o += 4;'} } else {`);
    } else {
      source.add('{');
    }
    source.add(`if (typeof ${variable} !== 'object' || ${variable} === null) throw FAULT;`);
    source.add(`const ${count} = ${variable}.length;`, `if (${count} >>> 0 !== ${count}) throw FAULT;`);
    if (fixed !== undefined) source.add(room(`${count} * ${fixed} + ${COUNT_BYTES}`));
    source.add(compact ? compactCount(count) : `v.setInt32(o, ${count}); o += 4;`);
    source.add(`for (let ${index} = 0; ${index} < ${count}; ${index}++) {`);
    source.add(`const ${element} = ${variable}[${index}];`);
    if (typeof field.type === 'string') {
      // Room for elements of a fixed size is there.
      this.#room = fixed ?? 0;
      this.#primitive(field, field.type, element, () => 0, false);
    } else {
      source.add(`if (typeof ${element} !== 'object' || ${element} === null) throw FAULT;`);
      this.#struct(field.type, element);
    }
    this.#settle();
    source.add('} }');
  }

  #primitive(field: Field, type: Primitive, variable: string, ahead: () => number, nullable: boolean): void {
    if (type === 'string') this.#string(field, variable, nullable);
    else if (type === 'bytes' || type === 'records') this.#bytes(field, type, variable, nullable);
    else {
      const at = this.#take(fixedSizeOf(type) as number, ahead);
      this.#source.add(...fixedSizeStatements(field, type, variable, at));
    }
  }

  #string(field: Field, variable: string, nullable: boolean): void {
    this.#settle();
    const compact = this.#isCompact(field);
    const source = this.#source;
    if (nullable) {
      source.add(
        `if (${variable} === null) { ${room('2')} ${compact ? 'b[o++] = 0;' : 'v.setInt16(o, -1); o += 2;'} } else {`,
      );
    } else {
      source.add('{');
    }
    source.add(
      `if (typeof ${variable} !== 'string') throw FAULT;`,
      room(`${variable}.length * 3 + 5`),
      `o = ${compact ? 'compactText' : 'classicText'}(b, o, ${variable});`,
      '}',
    );
  }

  #bytes(field: Field, type: 'bytes' | 'records', variable: string, nullable: boolean): void {
    this.#settle();
    const compact = this.#isCompact(field);
    const source = this.#source;
    if (nullable) {
      source.add(
        `if (${variable} === null) { ${room('4')} ${compact ? 'b[o++] = 0;' : 'v.setInt32(o, -1); o += 4;'} } else {`,
      );
    } else {
      source.add(`{ if (${variable} === null) throw FAULT;`);
    }
    source.add(`o = blob(scratch, o, ${variable}, '${type}', ${compact});`, RELOAD, '}');
  }

  /**
   * Takes `size` bytes, making room for them unless there is some already; `ahead` says how many are sure to be needed
   * from here on.
   *
   * @returns An expression for the position of the first.
   */
  #take(size: number, ahead: () => number): string {
    if (this.#room - this.#written < size) {
      this.#settle();
      this.#room = Math.max(size, ahead());
      this.#source.add(room(String(this.#room)));
    }
    const at = this.#written === 0 ? 'o' : `o + ${this.#written}`;
    this.#written += size;
    return at;
  }

  /** Makes room for up to `size` bytes from `o` on, for code that moves `o` itself. */
  #settleWithRoom(size: number, ahead: () => number): void {
    if (this.#room - this.#written < size) {
      this.#settle();
      this.#source.add(room(String(Math.max(size, ahead()))));
    }
    this.#settle();
  }

  /** Moves `o` behind what was written; room beyond it is forgotten. */
  #settle(): void {
    if (this.#written > 0) this.#source.add(`o += ${this.#written};`);
    this.#written = 0;
    this.#room = 0;
  }

  /** Bytes that the fields are sure to take, up to the first whose size depends on its value. */
  #leadingBytes(fields: readonly Field[]): number {
    let size = 0;
    for (const field of fields) {
      const fixed = field.isArray ? undefined : fixedSizeOf(field.type);
      if (fixed === undefined) return size + (field.isArray ? COUNT_BYTES : 0);
      size += fixed;
    }
    return size + (this.#flexible ? COUNT_BYTES : 0);
  }

  #isCompact(field: Field): boolean {
    return includesVersion(field.flexible, this.#version);
  }

  #mayBeNull(field: Field): boolean {
    return includesVersion(field.nullable, this.#version);
  }
}

/** The most that the count of an array takes. */
const COUNT_BYTES = 5;
const RELOAD = 'b = scratch.bytes; v = scratch.view;';
const AFTER_HELPER = `o = scratch.at; ${RELOAD}`;

function compactCount(count: string): string {
  return `if (${count} < 127) b[o++] = ${count} + 1; else o = varint(b, o, ${count} + 1);`;
}

function room(size: string): string {
  return `if (b.length - o < ${size}) { scratch.grow(o, ${size}); ${RELOAD} }`;
}

function fixedSizeStatements(field: Field, type: Primitive, variable: string, at: string): string[] {
  switch (type) {
    case 'bool':
      return [
        `if (${variable} === true) b[${at}] = 1; else if (${variable} === false) b[${at}] = 0; else throw FAULT;`,
      ];
    case 'int8':
      return [`if (${variable} << 24 >> 24 !== ${variable}) throw FAULT;`, `b[${at}] = ${variable};`];
    case 'int16':
      return [`if (${variable} << 16 >> 16 !== ${variable}) throw FAULT;`, `v.setInt16(${at}, ${variable});`];
    case 'uint16':
      return [`if ((${variable} & 65535) !== ${variable}) throw FAULT;`, `v.setUint16(${at}, ${variable});`];
    case 'int32':
      return [`if ((${variable} | 0) !== ${variable}) throw FAULT;`, `v.setInt32(${at}, ${variable});`];
    case 'uint32':
      return [`if (${variable} >>> 0 !== ${variable}) throw FAULT;`, `v.setUint32(${at}, ${variable});`];
    case 'int64':
      if (field.wide) return [`wideInt64(v, ${at}, ${variable});`];
      return [
        `if ((${variable} | 0) === ${variable}) { v.setInt32(${at}, ${variable} >> 31); v.setInt32(${at} + 4, ${variable}); }`,
        `else if (Number.isSafeInteger(${variable})) { v.setInt32(${at}, Math.floor(${variable} / 4294967296)); v.setUint32(${at} + 4, ${variable}); }`,
        `else extremeInt64(v, ${at}, ${variable});`,
      ];
    case 'float64':
      return [`if (typeof ${variable} !== 'number') throw FAULT;`, `v.setFloat64(${at}, ${variable});`];
    default:
      return [`uuid(b, ${at}, ${variable});`];
  }
}
