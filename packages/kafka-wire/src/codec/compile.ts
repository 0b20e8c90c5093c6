import type { ByteReader } from '@biquorum/std';
import type { Schema } from '../schema/schema.ts';
import { decodeRuntime } from './decode-runtime.ts';
import type { Fields } from './defaults.ts';
import { emitDecoder } from './emit-decode.ts';
import { emitEncoder } from './emit-encode.ts';
import { encodeRuntime } from './encode-runtime.ts';
import type { Scratch } from './scratch.ts';
import type { Source } from './source.ts';
import type { TextReader } from './text.ts';

/** Decodes one version of one message. Throws `FAULT` for anything that is wrong. */
export type CompiledDecoder = (reader: ByteReader, text: TextReader) => Fields;

/** Appends one version of one message to the scratch. Throws `FAULT` for anything that is wrong. */
export type CompiledEncoder = (scratch: Scratch, value: unknown) => void;

let allowed: boolean | undefined;

/** Whether code may be made at run time; a content security policy, or a flag of Node, can forbid it. */
export function canCompile(): boolean {
  if (allowed === undefined) {
    try {
      allowed = new Function('return true')() === true;
    } catch {
      allowed = false;
    }
  }
  return allowed;
}

export function compileDecoder(schema: Schema, version: number): CompiledDecoder {
  const source = emitDecoder(schema, version);
  return compile(source, decodeRuntime, 'reader, text', `decode-${schema.name}-v${version}`) as CompiledDecoder;
}

export function compileEncoder(schema: Schema, version: number): CompiledEncoder {
  const source = emitEncoder(schema, version);
  return compile(source, encodeRuntime, 'scratch, value', `encode-${schema.name}-v${version}`) as CompiledEncoder;
}

// Nothing from outside gets into the code: names and numbers come from our own tables.
function compile(
  source: Source,
  runtime: Readonly<Record<string, unknown>>,
  parameters: string,
  title: string,
): unknown {
  const names = source.constants.map((_, index) => `constants_${index}`);
  const code = [
    `'use strict';`,
    `const { ${Object.keys(runtime).join(', ')} } = runtime;`,
    names.length > 0 ? `const [${names.join(', ')}] = constants;` : '',
    `return function (${parameters}) {`,
    source.toString(),
    '};',
    `//# sourceURL=kafka-wire/${title}.js`,
  ].join('\n');
  return new Function('runtime', 'constants', code)(runtime, source.constants);
}
