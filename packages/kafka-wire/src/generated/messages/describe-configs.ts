// Made by scripts/generate.ts from src/messages/describe-configs.ts. Change the tables, then run: pnpm generate
import { codec, type MessageCodec } from '../../codec/message-codec.ts';
import type { UnknownTag } from '../../codec/unknown-tag.ts';
import { describeConfigsRequestTable, describeConfigsResponseTable } from '../../messages/describe-configs.ts';

/**
 * Asks for the configuration of topics, brokers and other resources.
 *
 * Request of API 32, versions 0–4; flexible from 4; deprecated: 0.
 */
export interface DescribeConfigsRequest {
  /** The resources, one element each. */
  readonly resources: readonly DescribeConfigsRequestDescribeConfigsResource[];
  /** Whether to report the other places where each value could come from. Versions 1+. */
  readonly includeSynonyms: boolean;
  /** Whether to report what each key means. Versions 3+. */
  readonly includeDocumentation: boolean;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `resources`. */
export interface DescribeConfigsRequestDescribeConfigsResource {
  /** Kind of resource: 2 topic, 4 broker, 8 broker logger, 16 client metrics. */
  readonly resourceType: number;
  /** Name of the resource. */
  readonly resourceName: string;
  /** Keys asked for; null for all. */
  readonly configurationKeys: readonly string[] | null;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/**
 * Configuration entries of each resource, with their origin.
 *
 * Response of API 32, versions 0–4; flexible from 4.
 */
export interface DescribeConfigsResponse {
  /** Time for which a quota held the request back or keeps the connection silent, in milliseconds; 0 for none. */
  readonly throttleTimeMs: number;
  /** The outcomes, one element each. */
  readonly results: readonly DescribeConfigsResponseDescribeConfigsResult[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `results`. */
export interface DescribeConfigsResponseDescribeConfigsResult {
  /** Kafka’s error code; 0 for success. */
  readonly errorCode: number;
  /** Text about the error; null for none. */
  readonly errorMessage: string | null;
  /** Kind of resource: 2 topic, 4 broker, 8 broker logger, 16 client metrics. */
  readonly resourceType: number;
  /** Name of the resource. */
  readonly resourceName: string;
  /** Configuration entries. */
  readonly configs: readonly DescribeConfigsResponseDescribeConfigsResourceResult[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `configs`. */
export interface DescribeConfigsResponseDescribeConfigsResourceResult {
  /** Key of the entry. */
  readonly name: string;
  /** Value; null for none, or for a secret. */
  readonly value: string | null;
  /** Whether the value cannot be changed. */
  readonly readOnly: boolean;
  /** Whether the value is the built-in default. Version 0. */
  readonly isDefault: boolean;
  /**
   * Where the value comes from: 1 topic, 2 broker, 3 default of all brokers, 4 static broker configuration, 5 built-in
   * default, 6 broker logger, 7 client metrics; 0 unknown. Versions 1+, default −1.
   */
  readonly configSource: number;
  /** Whether the value is a secret; it is then null. */
  readonly isSensitive: boolean;
  /** Other places where the value could come from, the strongest first. Versions 1+. */
  readonly synonyms: readonly DescribeConfigsResponseDescribeConfigsSynonym[];
  /**
   * Type of the value: 0 unknown, 1 boolean, 2 string, 3 int, 4 short, 5 long, 6 double, 7 list, 8 class, 9 password.
   * Versions 3+.
   */
  readonly configType: number;
  /** What the key means; null when not asked for. Versions 3+. */
  readonly documentation: string | null;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `synonyms`. */
export interface DescribeConfigsResponseDescribeConfigsSynonym {
  /** Key under which the value was found. Versions 1+. */
  readonly name: string;
  /** Value; null for none, or for a secret. Versions 1+. */
  readonly value: string | null;
  /** Where the value comes from; see `configSource`. Versions 1+. */
  readonly source: number;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** Reads and writes {@link DescribeConfigsRequest}. */
export const describeConfigsRequest: MessageCodec<DescribeConfigsRequest> = /* @__PURE__ */ codec(describeConfigsRequestTable);

/** Reads and writes {@link DescribeConfigsResponse}. */
export const describeConfigsResponse: MessageCodec<DescribeConfigsResponse> = /* @__PURE__ */ codec(describeConfigsResponseTable);
