import type { FieldTable, MessageTable } from '@biquorum/kafka-wire';
import type { Prng } from '@biquorum/std';

/** A message or struct by field name; fields that the version lacks are left out. */
export type Drawn = { readonly [name: string]: unknown };

const WORDS = [
  '',
  'a',
  'topic-1',
  'grüße',
  '日本語',
  '🦆🦆',
  'nul\0',
  '\u{10ffff}',
  '\ufeffmark',
  'x'.repeat(126),
  'y'.repeat(127),
];
const SAFE = Number.MAX_SAFE_INTEGER;
const EXTREMES = [
  0,
  1,
  -1,
  63,
  64,
  127,
  128,
  255,
  256,
  2 ** 31 - 1,
  -(2 ** 31),
  2 ** 31,
  2 ** 32,
  SAFE,
  -SAFE,
  2 ** 63,
  -(2 ** 63),
];

/** Draws one value of a message in one version, as a user of our codecs may give it. */
export function drawMessage(table: MessageTable, version: number, random: Prng): Drawn {
  return new Drawing(table, version, random).struct(table.fields, true);
}

class Drawing {
  readonly #table: MessageTable;
  readonly #version: number;
  readonly #random: Prng;

  constructor(table: MessageTable, version: number, random: Prng) {
    this.#table = table;
    this.#version = version;
    this.#random = random;
  }

  struct(fields: readonly FieldTable[], cheap: boolean): Drawn {
    const value: Record<string, unknown> = {};
    for (const field of fields) {
      if (!has(field.versions, this.#version)) continue;
      if (has(field.taggedVersions, this.#version) && this.#random.chance(0.3)) continue;
      value[field.name] = this.#field(field, cheap);
    }
    if (has(this.#table.flexibleVersions, this.#version) && this.#random.chance(0.2)) {
      value['unknownTags'] = this.#unknownTags(fields);
    }
    return value;
  }

  #field(field: FieldTable, cheap: boolean): unknown {
    if (has(field.nullableVersions, this.#version) && this.#random.chance(0.25)) return null;
    if (!field.type.startsWith('[]')) return this.#element(field, field.type, cheap);
    const type = field.type.slice(2);
    const count = cheap && this.#random.chance(0.05) ? this.#random.between(126, 129) : this.#random.below(4);
    return Array.from({ length: count }, () => this.#element(field, type, cheap && count < 10));
  }

  #element(field: FieldTable, type: string, cheap: boolean): unknown {
    const random = this.#random;
    switch (type) {
      case 'bool':
        return random.chance(0.5);
      case 'int8':
        return this.#integer(-0x80, 0x7f);
      case 'int16':
        return this.#integer(-0x8000, 0x7fff);
      case 'uint16':
        return this.#integer(0, 0xffff);
      case 'int32':
        return this.#integer(-0x8000_0000, 0x7fff_ffff);
      case 'uint32':
        return this.#integer(0, 0xffff_ffff);
      case 'int64':
        return field.wide ? this.#wide() : this.#safe();
      case 'float64':
        return random.pick([0, -0, 0.1, -1e308, Number.MIN_VALUE, Number.POSITIVE_INFINITY, random.float() * 1e6]);
      case 'string':
        return random.chance(0.8) ? random.pick(WORDS) : this.#text();
      case 'uuid':
        return random.chance(0.2) ? 'AAAAAAAAAAAAAAAAAAAAAA' : Buffer.from(this.#bytes(16)).toString('base64url');
      case 'bytes':
        return this.#bytes(random.chance(0.1) ? random.between(125, 130) : random.below(10));
      // Above a kilobyte the encoder passes records on by reference.
      case 'records':
        return this.#bytes(random.chance(0.2) ? random.between(1000, 1100) : random.below(80));
      default:
        return this.struct(this.#fieldsOf(field, type), cheap);
    }
  }

  #fieldsOf(field: FieldTable, type: string): readonly FieldTable[] {
    const fields = field.fields ?? this.#table.commonStructs?.find((struct) => struct.name === type)?.fields;
    if (fields === undefined) throw new Error(`${this.#table.name}.${field.name} has the unknown type ${type}`);
    return fields;
  }

  #integer(least: number, greatest: number): number {
    const within = EXTREMES.filter((value) => value >= least && value <= greatest);
    return this.#random.chance(0.5)
      ? this.#random.pick([...within, least, greatest])
      : this.#random.between(least, greatest);
  }

  #safe(): number {
    if (this.#random.chance(0.5)) return this.#random.pick(EXTREMES);
    const magnitude = Math.floor(this.#random.float() * 2 ** this.#random.between(1, 52));
    return this.#random.chance(0.5) ? magnitude : -1 - magnitude;
  }

  #wide(): bigint {
    const bits = (BigInt(this.#random.uint32()) << 32n) | BigInt(this.#random.uint32());
    return BigInt.asIntN(64, bits >> BigInt(this.#random.below(64)));
  }

  #text(): string {
    return Array.from({ length: this.#random.below(40) }, () => {
      const code = this.#random.below(0x11_0000 - 0x800);
      return String.fromCodePoint(code < 0xd800 ? code : code + 0x800);
    }).join('');
  }

  #bytes(length: number): Uint8Array {
    return Uint8Array.from({ length }, () => this.#random.below(256));
  }

  /** Tags that the struct defines in no version: Java refuses to write one that is known. */
  #unknownTags(fields: readonly FieldTable[]): readonly { readonly tag: number; readonly data: Uint8Array }[] {
    let tag = Math.max(-1, ...fields.map((field) => field.tag ?? -1));
    return Array.from({ length: this.#random.between(1, 3) }, () => {
      tag += 1 + (this.#random.chance(0.3) ? this.#random.below(100_000) : this.#random.below(3));
      return { tag, data: this.#bytes(this.#random.below(6)) };
    });
  }
}

function has(versions: string | undefined, version: number): boolean {
  if (versions === undefined || versions === 'none') return false;
  const [lowest = '', highest] = versions.split('-');
  if (lowest.endsWith('+')) return version >= Number(lowest.slice(0, -1));
  return version >= Number(lowest) && version <= Number(highest ?? lowest);
}
