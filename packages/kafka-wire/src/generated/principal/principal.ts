// Made by scripts/generate.ts from src/principal/principal.ts. Change the tables, then run: pnpm generate
import { codec, type MessageCodec } from '../../codec/message-codec.ts';
import type { UnknownTag } from '../../codec/unknown-tag.ts';
import { defaultPrincipalDataTable } from '../../principal/principal.ts';

/**
 * The identity of a client, as a broker passes it on inside Envelope.
 *
 * Data, version 0.
 */
export interface DefaultPrincipalData {
  /** Type of the principal, such as `User`. */
  readonly type: string;
  /** Name of the principal. */
  readonly name: string;
  /** Whether the client used a delegation token. */
  readonly tokenAuthenticated: boolean;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** Reads and writes {@link DefaultPrincipalData}. */
export const defaultPrincipalData: MessageCodec<DefaultPrincipalData> = /* @__PURE__ */ codec(defaultPrincipalDataTable);
