/** Kafka's types of settings. Source: Java `ConfigDef.Type`. */
export type ConfigValueType =
  | 'boolean'
  | 'string'
  | 'int'
  | 'short'
  | 'long'
  | 'double'
  | 'list'
  | 'class'
  | 'password';

/** What the text of a setting must look like, beyond its type. */
export type ConfigFormat =
  /** Something must stand there. */
  | 'non-empty'
  /** One of the words, in capitals or not. */
  | 'any-case'
  /** A version of the protocol between brokers, such as `3.9` or `3.9-IV0`. */
  | 'protocol-version'
  /** `id@host:port,…` */
  | 'voters'
  /** `host:port,…` */
  | 'addresses'
  /** `host:count,…` */
  | 'host-counts'
  /** `partition:broker,…` or `*` */
  | 'throttled-replicas';

/** One of Kafka's settings, as a row of a table. Reader, answers to clients and documentation come from it. */
export interface ConfigEntry {
  /** Kafka's dotted name. */
  readonly name: string;
  /** A password is sensitive: its value is never shown. */
  readonly type: ConfigValueType;
  /** As text; null for none. */
  readonly defaultValue: string | null;
  /** Smallest and largest number, both allowed. */
  readonly minimum?: number;
  readonly maximum?: number;
  /** Numbers in between that are not allowed. */
  readonly excluded?: readonly number[];
  /** The words that are allowed, for strings and for the members of lists. */
  readonly words?: readonly string[];
  readonly format?: ConfigFormat;
  /** Apache reads it but does not list it. */
  readonly internal?: true;
  /** How Apache lets it be changed at run time: for each broker, or for all of them; read-only if left out. */
  readonly update?: 'per-broker' | 'cluster-wide';
  /** Apache changes it at run time, we do so only at a restart. */
  readonly needsRestart?: true;
  /**
   * What we make of it: it takes effect; it is read and checked but has none; or no value but the default is taken.
   */
  readonly support: 'effective' | 'accepted' | 'refused';
  /** Why it is not effective, or until when, in few words. */
  readonly because?: string;
  /** One line of our own. */
  readonly documentation: string;
}

/** Settings that belong together. Names are unique. */
export type ConfigTable = readonly ConfigEntry[];
