// Made by scripts/generate.ts from src/messages/controller-registration.ts. Change the tables, then run: pnpm generate
import { codec, type MessageCodec } from '../../codec/message-codec.ts';
import type { UnknownTag } from '../../codec/unknown-tag.ts';
import { controllerRegistrationRequestTable, controllerRegistrationResponseTable } from '../../messages/controller-registration.ts';
import type { Uuid } from '../../uuid.ts';

/**
 * A controller tells the active one its endpoints and features.
 *
 * Request of API 70, version 0.
 */
export interface ControllerRegistrationRequest {
  /** Node id of the controller that registers. */
  readonly controllerId: number;
  /** Id that the node draws anew at each start. */
  readonly incarnationId: Uuid;
  /** Whether the node is ready for the move from ZooKeeper. */
  readonly zkMigrationReady: boolean;
  /** Where the node can be reached, by listener. */
  readonly listeners: readonly ControllerRegistrationRequestListener[];
  /** Features that the node supports, with their ranges of levels. */
  readonly features: readonly ControllerRegistrationRequestFeature[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `listeners`. */
export interface ControllerRegistrationRequestListener {
  /** Name of the listener. */
  readonly name: string;
  /** Host name or address. */
  readonly host: string;
  /** TCP port. */
  readonly port: number;
  /** Security of the listener: 0 PLAINTEXT, 1 SSL, 2 SASL_PLAINTEXT, 3 SASL_SSL. */
  readonly securityProtocol: number;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `features`. */
export interface ControllerRegistrationRequestFeature {
  /** Name of the feature. */
  readonly name: string;
  /** Lowest level that the node supports. */
  readonly minSupportedVersion: number;
  /** Highest level that the node supports. */
  readonly maxSupportedVersion: number;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/**
 * Whether the controller was registered.
 *
 * Response of API 70, version 0.
 */
export interface ControllerRegistrationResponse {
  /** Time for which a quota held the request back or keeps the connection silent, in milliseconds; 0 for none. */
  readonly throttleTimeMs: number;
  /** Kafka’s error code; 0 for success. */
  readonly errorCode: number;
  /** Text about the error; null for none. */
  readonly errorMessage: string | null;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** Reads and writes {@link ControllerRegistrationRequest}. */
export const controllerRegistrationRequest: MessageCodec<ControllerRegistrationRequest> = /* @__PURE__ */ codec(controllerRegistrationRequestTable);

/** Reads and writes {@link ControllerRegistrationResponse}. */
export const controllerRegistrationResponse: MessageCodec<ControllerRegistrationResponse> = /* @__PURE__ */ codec(controllerRegistrationResponseTable);
