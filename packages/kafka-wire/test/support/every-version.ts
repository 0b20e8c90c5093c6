import type { MessageCodec } from '../../src/codec/message-codec.ts';
import { codecs } from '../../src/generated/registry.ts';
import { resolveSchema, type Schema } from '../../src/schema/schema.ts';

/** One message in one version. */
export interface Versioned {
  readonly title: string;
  readonly codec: MessageCodec<unknown>;
  readonly schema: Schema;
  readonly version: number;
}

/** Every message in every version. */
export const everyVersion: readonly Versioned[] = codecs.flatMap((codec) => {
  const schema = resolveSchema(codec.table);
  const versions = Array.from(
    { length: codec.highestVersion - codec.lowestVersion + 1 },
    (_, i) => codec.lowestVersion + i,
  );
  return versions.map((version) => ({ title: `${codec.table.name} v${version}`, codec, schema, version }));
});
