import { type Field, fixedSizeOf, type Primitive, presenceOf, type Schema, type Struct } from '../schema/schema.ts';
import { includesVersion } from '../schema/versions.ts';
import { defaultOf } from './defaults.ts';
import { minimalElementSize } from './minimal-size.ts';
import { expressionOf, Source } from './source.ts';
import { MAX_STRING_BYTES } from './text.ts';

/**
 * Writes the body of a function `(reader, text)` that decodes one version of a message in a straight line.
 *
 * The code keeps its position in `o` and the end of the window in `end`, checks once for each run of fields whose sizes
 * are known, and throws `FAULT` for whatever is wrong. It must accept exactly what the interpreter accepts.
 *
 * Views are plain Uint8Arrays even when the reader's bytes are a Buffer: cheaper, and the same wherever it runs.
 */
export function emitDecoder(schema: Schema, version: number): Source {
  const source = new Source();
  source.add(
    'const b = reader.bytes, v = reader.view, end = reader.end, buffer = b.buffer, base = b.byteOffset;',
    'let o = reader.offset, n = 0;',
  );
  const root = new DecodeEmitter(schema, version, source).struct(schema.root);
  source.add(`const result = ${root.literal};`);
  if (root.unknownTags !== undefined)
    source.add(`if (${root.unknownTags} !== undefined) result.unknownTags = ${root.unknownTags};`);
  source.add('reader.offset = o;', 'return result;');
  return source;
}

/** How to make the object of a struct whose fields were read. */
interface ReadStruct {
  /** The object literal, unknown tags apart. */
  readonly literal: string;
  /** The variable with the unknown tags, in flexible versions. */
  readonly unknownTags: string | undefined;
}

class DecodeEmitter {
  readonly #schema: Schema;
  readonly #version: number;
  readonly #source: Source;
  readonly #flexible: boolean;
  /** Bytes from `o` on that were checked to be there. */
  #checked = 0;
  /** Bytes from `o` on that were read. */
  #read = 0;

  constructor(schema: Schema, version: number, source: Source) {
    this.#schema = schema;
    this.#version = version;
    this.#source = source;
    this.#flexible = includesVersion(schema.flexible, version);
  }

  struct(struct: Struct): ReadStruct {
    const variables = new Map<Field, string>();
    const inline = struct.fields.filter((field) => presenceOf(field, this.#version) === 'inline');
    inline.forEach((field, index) => {
      const variable = this.#source.name(field.name);
      variables.set(field, variable);
      this.#source.add(`let ${variable};`);
      this.#field(field, variable, () => this.#leadingBytes(inline.slice(index)));
    });
    for (const field of struct.fields) {
      if (presenceOf(field, this.#version) !== 'tagged') continue;
      const variable = this.#source.name(field.name);
      variables.set(field, variable);
      this.#source.add(`let ${variable} = ${expressionOf(this.#source, defaultOf(field))};`);
    }
    const unknownTags = this.#flexible ? this.#taggedFields(struct, variables) : undefined;
    this.#settle();
    const properties = struct.fields.map((field) => {
      const variable = variables.get(field) ?? expressionOf(this.#source, defaultOf(field));
      return `${field.name}: ${variable}`;
    });
    return { literal: `{ ${properties.join(', ')} }`, unknownTags };
  }

  /** Reads a struct and puts it where `target` says. */
  #structInto(struct: Struct, target: string): void {
    const { literal, unknownTags } = this.struct(struct);
    this.#source.add(`${target} = ${literal};`);
    if (unknownTags !== undefined)
      this.#source.add(`if (${unknownTags} !== undefined) ${target}.unknownTags = ${unknownTags};`);
  }

  #taggedFields(struct: Struct, variables: Map<Field, string>): string {
    const source = this.#source;
    const unknownTags = source.name('unknownTags');
    const tag = source.name('tag');
    source.add(`let ${unknownTags};`);
    const at = this.#take(1, () => 1);
    source.add(`n = b[${at}];`);
    this.#settle();
    source.add('if (n !== 0) {');
    this.#longVarint();
    source.add(`for (let left = n; left > 0; left--) {`);
    this.#varint();
    source.add(`const ${tag} = n >>> 0;`);
    this.#varint();
    source.add(`switch (${tag}) {`);
    for (const field of struct.fields) {
      if (field.tag < 0) continue;
      source.add(`case ${field.tag}: {`);
      if (presenceOf(field, this.#version) === 'tagged') {
        this.#taggedField(field, variables.get(field) as string);
        this.#settle();
        source.add('break; }');
      } else {
        source.add('throw FAULT; }');
      }
    }
    source.add(
      'default: {',
      'if (n < 0 || n > end - o) throw FAULT;',
      `(${unknownTags} ??= []).push({ tag: ${tag}, data: new Uint8Array(buffer, base + o, n) });`,
      'o += n;',
      '} } } }',
    );
    return unknownTags;
  }

  #taggedField(field: Field, variable: string): void {
    if (typeof field.type === 'string' || field.isArray || !this.#mayBeNull(field)) {
      this.#field(field, variable, () => 0);
      return;
    }
    this.#varint();
    this.#source.add(`if (n <= 0) ${variable} = null; else {`);
    this.#structInto(field.type, variable);
    this.#source.add('}');
  }

  /** Reads an untagged field, or the data of a tagged one. */
  #field(field: Field, variable: string, ahead: () => number): void {
    if (field.isArray) this.#array(field, variable, ahead);
    else if (typeof field.type === 'string') {
      this.#primitive(field, field.type, variable, ahead, this.#mayBeNull(field));
    } else if (this.#mayBeNull(field)) {
      const at = this.#take(1, ahead);
      this.#source.add(`n = v.getInt8(${at});`);
      this.#settle();
      this.#source.add(`if (n < 0) ${variable} = null; else {`);
      this.#structInto(field.type, variable);
      this.#settle();
      this.#source.add('}');
    } else {
      this.#structInto(field.type, variable);
    }
  }

  #array(field: Field, variable: string, ahead: () => number): void {
    const source = this.#source;
    const count = source.name('count');
    const index = source.name('i');
    this.#length(field, 4, ahead);
    const minimum = minimalElementSize(this.#schema, field, this.#version);
    const tooMany = minimum === 1 ? 'n > end - o' : `n * ${minimum} > end - o`;
    this.#openUnlessNull(variable, this.#mayBeNull(field), tooMany);
    // Room is made for what is there, not for what is claimed.
    source.add(`const ${count} = n;`, `${variable} = n <= ${PREPARED_ELEMENTS} ? new Array(n) : [];`);
    source.add(`for (let ${index} = 0; ${index} < ${count}; ${index}++) {`);
    const target = `${variable}[${index}]`;
    if (typeof field.type !== 'string') {
      const element = source.name('element');
      source.add(`let ${element};`);
      this.#structInto(field.type, element);
      source.add(`${target} = ${element};`);
    } else {
      // The count was checked, so elements of a known size are all there.
      const size = fixedSizeOf(field.type) ?? 0;
      this.#checked = size;
      this.#primitive(field, field.type, target, () => 0, false);
      this.#settle();
    }
    source.add('} }');
  }

  #primitive(field: Field, type: Primitive, variable: string, ahead: () => number, nullable: boolean): void {
    if (type === 'string') this.#string(field, variable, ahead, nullable);
    else if (type === 'bytes' || type === 'records') this.#bytes(field, variable, ahead, nullable);
    else if (type === 'int64' && !field.wide) this.#safeInt64(variable, ahead);
    else {
      const at = this.#take(fixedSizeOf(type) as number, ahead);
      this.#source.add(`${variable} = ${fixedSizeExpression(type, at)};`);
    }
  }

  #safeInt64(variable: string, ahead: () => number): void {
    const at = this.#take(8, ahead);
    const high = this.#source.name('high');
    const low = this.#source.name('low');
    this.#source.add(
      `const ${high} = v.getInt32(${at}), ${low} = v.getUint32(${at} + 4);`,
      `${variable} = ${high} < 2097152 && ${high} > -2097152 ? ${high} * 4294967296 + ${low} : extremeInt64(${high}, ${low});`,
    );
  }

  #string(field: Field, variable: string, ahead: () => number, nullable: boolean): void {
    this.#length(field, 2, ahead);
    this.#openUnlessNull(variable, nullable, `n > ${MAX_STRING_BYTES} || n > end - o`);
    this.#source.add(`${variable} = n === 0 ? '' : text.read(b, o, n);`, 'o += n;', '}');
  }

  #bytes(field: Field, variable: string, ahead: () => number, nullable: boolean): void {
    this.#length(field, 4, ahead);
    this.#openUnlessNull(variable, nullable, 'n > end - o');
    this.#source.add(`${variable} = new Uint8Array(buffer, base + o, n);`, 'o += n;', '}');
  }

  /** Reads a length into `n`, negative for null, and moves `o` behind it. */
  #length(field: Field, classicSize: 2 | 4, ahead: () => number): void {
    if (includesVersion(field.flexible, this.#version)) {
      const at = this.#take(1, ahead);
      this.#source.add(`n = b[${at}];`);
      this.#settle();
      this.#longVarint();
      this.#source.add('n = (n - 1) | 0;');
    } else {
      const at = this.#take(classicSize, ahead);
      this.#source.add(`n = v.getInt${classicSize * 8}(${at});`);
      this.#settle();
    }
  }

  /** Opens the block that reads a value of length `n`, once null and wrong lengths are out of the way. */
  #openUnlessNull(variable: string, nullable: boolean, invalid: string): void {
    if (nullable) this.#source.add(`if (n < 0) ${variable} = null; else { if (${invalid}) throw FAULT;`);
    else this.#source.add(`{ if (n < 0 || ${invalid}) throw FAULT;`);
  }

  /** Reads an unsigned varint into `n`. */
  #varint(): void {
    const at = this.#take(1, () => 1);
    this.#source.add(`n = b[${at}];`);
    this.#settle();
    this.#longVarint();
  }

  /** Goes on with a varint whose first byte is in `n`, with `o` behind it. */
  #longVarint(): void {
    this.#source.add('if (n > 127) { n = longVarint(b, o - 1, end); o = cursor.at; }');
  }

  /**
   * Takes `size` bytes, checking for them unless an earlier check covers them; `ahead` says how many are sure to be
   * needed from here on, so that one check covers many fields.
   *
   * @returns An expression for the position of the first.
   */
  #take(size: number, ahead: () => number): string {
    if (this.#checked - this.#read < size) {
      this.#settle();
      this.#checked = Math.max(size, ahead());
      this.#source.add(`if (end - o < ${this.#checked}) throw FAULT;`);
    }
    const at = this.#read === 0 ? 'o' : `o + ${this.#read}`;
    this.#read += size;
    return at;
  }

  /** Moves `o` behind what was read; what was checked beyond it is forgotten. */
  #settle(): void {
    if (this.#read > 0) this.#source.add(`o += ${this.#read};`);
    this.#read = 0;
    this.#checked = 0;
  }

  /** Bytes that the fields are sure to take, up to and with the first whose size depends on its value. */
  #leadingBytes(fields: readonly Field[]): number {
    let size = 0;
    for (const field of fields) {
      const fixed = field.isArray ? undefined : fixedSizeOf(field.type);
      if (fixed === undefined) return size + this.#headSize(field);
      size += fixed;
    }
    return size + (this.#flexible ? 1 : 0);
  }

  #headSize(field: Field): number {
    if (typeof field.type !== 'string' && !field.isArray) return this.#mayBeNull(field) ? 1 : 0;
    if (includesVersion(field.flexible, this.#version)) return 1;
    return field.type === 'string' && !field.isArray ? 2 : 4;
  }

  #mayBeNull(field: Field): boolean {
    return includesVersion(field.nullable, this.#version);
  }
}

/** Arrays up to this size are made in one go; longer ones grow as their elements turn out to be there. */
const PREPARED_ELEMENTS = 1024;

function fixedSizeExpression(type: Primitive, at: string): string {
  switch (type) {
    case 'bool':
      return `b[${at}] !== 0`;
    case 'int8':
      return `v.getInt8(${at})`;
    case 'int16':
      return `v.getInt16(${at})`;
    case 'uint16':
      return `v.getUint16(${at})`;
    case 'int32':
      return `v.getInt32(${at})`;
    case 'uint32':
      return `v.getUint32(${at})`;
    case 'int64':
      return `v.getBigInt64(${at})`;
    case 'float64':
      return `v.getFloat64(${at})`;
    default:
      return `readUuid(v, ${at})`;
  }
}
