/**
 * The schema language: one {@link MessageTable} per message, covering all of its versions.
 *
 * The vocabulary is that of Kafka's message definitions, so that a table can be compared with one fact by fact. A range
 * of versions is written `3` (that version), `0-4`, `2+` (that one and all later) or `none`; fields are in wire order.
 *
 * What Kafka 4.x adds has its place here too: widen `validVersions` and append rows whose `versions` start at the new
 * number. Codecs, interfaces and tests all follow from the table.
 */

/** What a message is for. */
export type MessageType =
  /** Sent by a client, or by a broker or controller in that role. */
  | 'request'
  | 'response'
  /** What precedes the body of a request or response in its frame. */
  | 'header'
  /** A record key, a record value or bytes embedded in another message. */
  | 'data'
  /** A record of the KRaft metadata log. */
  | 'metadata';

/** The kinds of listener that serve an API: a broker beside ZooKeeper, a broker beside KRaft, a KRaft controller. */
export type ListenerType = 'zkBroker' | 'broker' | 'controller';

/** What a name or number stands for. */
export type EntityType = 'transactionalId' | 'producerId' | 'groupId' | 'topicName' | 'brokerId';

/** A value that a field takes when nobody sets it. */
export type FieldDefault = number | boolean | string | null;

/** One field in all versions of its struct. */
export interface FieldTable {
  /** Property name. */
  readonly name: string;
  /**
   * `bool`, `int8`, `int16`, `uint16`, `uint32`, `int32`, `int64`, `float64`, `string`, `bytes`, `records`, `uuid`, the
   * name of a struct, or `[]` and one of these.
   */
  readonly type: string;
  /** Message versions that have the field. */
  readonly versions: string;
  /** Versions in which it may be null; `none` when absent. */
  readonly nullableVersions?: string;
  /** Versions in which it is a tagged field, left out when it holds its default. */
  readonly taggedVersions?: string;
  readonly tag?: number;
  /** Zero, false, empty, or the struct of defaults when absent; `records` start as null. */
  readonly default?: FieldDefault;
  /** Whether a value may be dropped when the version lacks the field. If not, a value other than the default is refused. */
  readonly ignorable?: boolean;
  /** Overrides the message's flexible versions for one string or bytes field. */
  readonly flexibleVersions?: string;
  /** Whether the field is (part of) the key of the elements of its array. */
  readonly mapKey?: boolean;
  readonly entityType?: EntityType;
  /** Whether Java reads it without copying. Ours never copies. */
  readonly zeroCopy?: boolean;
  /** Whether an int64 is a bigint, because peers may choose all of its 64 bits; a safe number otherwise. */
  readonly wide?: boolean;
  /** Text for the interface, where the glossary's line for this name does not fit. */
  readonly doc?: string;
  /** Fields of the struct that `type` names, unless it is one of the message's common structs. */
  readonly fields?: readonly FieldTable[];
}

/** A struct that several fields of one message share. */
export interface StructTable {
  readonly name: string;
  readonly versions: string;
  readonly fields: readonly FieldTable[];
}

/** One message in all of its versions. */
export interface MessageTable {
  readonly name: string;
  readonly type: MessageType;
  /** Key of the API, or of the metadata record. */
  readonly apiKey?: number;
  /** One line about the message, for the interface. */
  readonly doc: string;
  /** Who serves the request. */
  readonly listeners?: readonly ListenerType[];
  /** Whether the request needs the ClusterAction permission: brokers and controllers send it to each other. */
  readonly clusterAction?: boolean;
  /** Whether a broker beside KRaft hands the request on to the active controller. */
  readonly forwardable?: boolean;
  readonly validVersions: string;
  readonly deprecatedVersions?: string;
  /** Versions with compact lengths and tagged fields. */
  readonly flexibleVersions: string;
  /** Whether the newest version may still change and is offered only on demand. */
  readonly latestVersionUnstable?: boolean;
  readonly fields: readonly FieldTable[];
  readonly commonStructs?: readonly StructTable[];
}
