/**
 * What the client matrix asks of a client, and how it is asked.
 *
 * A client is driven by an *agent*. Most agents are a child process in the client's own language that speaks lines of
 * JSON: one {@link RequestLine} a line on standard input, one or more {@link ReplyLine}s on standard output, nothing
 * else there (logs go to standard error, which a failure shows). Command-line tools are adapted in this process, by an
 * object that answers the same operations. Rules for both:
 *
 * 1. The first request is `hello`; it brings the bootstrap addresses of all later ones. Nothing is connected to before
 *    it is needed.
 * 2. There is one request in flight at a time: the next comes after the final reply of the last.
 * 3. Records go out in lines of at most {@link CHUNK_RECORDS} records and about {@link CHUNK_BYTES} bytes, then comes
 *    the final reply. A request says how many records it takes at most; an agent hands out no more.
 * 4. Keys, values and header values are text (UTF-8 in the record) or null; null and the empty text differ. Offsets
 *    and timestamps (milliseconds since 1970) are JSON numbers.
 * 5. A failure of the client is the final reply `error`, and the agent lives on. An agent ends, with everything closed
 *    in order, at the end of its standard input. A crash is SIGKILL from outside.
 * 6. An agent is patient: it lets its client retry for about {@link PATIENCE_MS} before a request fails, and it never
 *    repeats by itself what the client gave up. It turns the client's own checks of sizes off (`max.request.size`,
 *    `message.max.bytes` and the like raised to {@link CLIENT_MAX_BYTES}), so that it is the broker that refuses.
 * 7. A process is one client: it keeps one producer per kind that was asked for, at most one member of a group, and
 *    may make a consumer of its own for each `consume`.
 * 8. What a client cannot do stands in `hello` under `lacks`, with the reason. Everything else is asked of it, and
 *    has to work.
 *
 * @packageDocumentation
 */
import type { Java } from '../java/java.ts';

/** Most records of one line. */
export const CHUNK_RECORDS = 500;
/** Most bytes of one line, about; a single record may be larger. */
export const CHUNK_BYTES: number = 1 << 20;
/** How long a client retries before it gives up. */
export const PATIENCE_MS = 60_000;
/** Up to where a client lets records and requests pass. */
export const CLIENT_MAX_BYTES: number = 64 << 20;

export type Codec = 'none' | 'gzip' | 'snappy' | 'lz4' | 'zstd';

/** How a client places a record that has a key and no partition: Java's murmur2, or librdkafka's CRC-32. */
export type Partitioner = 'murmur2' | 'crc32';

/**
 * What a client may lack: it is then not asked for it, and the matrix shows a dash and the reason.
 */
export type Ability =
  /** `produce` of a record with a key and no partition. Lacking it means that no partitioner can be told. */
  | 'keys'
  /** `partition` in `produce`. */
  | 'explicit-partition'
  /** `headers` in `produce`, and in what is read. */
  | 'headers'
  /** Header values that are null, not empty. */
  | 'null-headers'
  /** `timestamp` in `produce`. */
  | 'timestamps'
  | 'idempotent'
  | 'consume-from-offset'
  | 'consume-from-timestamp'
  /** `subscribe`, `poll`, `leave`. */
  | 'group'
  /** `commit` of offsets that the caller chooses. */
  | 'explicit-commit'
  | 'committed'
  | 'describe-group'
  | 'list-offsets'
  | 'create-topic'
  | 'create-partitions'
  | 'delete-topic'
  | 'describe-configs'
  | 'alter-configs'
  /** More than one bootstrap address. */
  | 'dead-bootstrap'
  /** That the broker's refusal of a record that is too large reaches the caller with its name. */
  | 'oversized'
  /** Producing while the leader dies. */
  | 'leader-killed';

/** One record to write. What is absent is left to the client. */
export interface ProduceRecord {
  readonly key: string | null;
  readonly value: string | null;
  readonly headers?: readonly Header[];
  readonly partition?: number;
  readonly timestamp?: number;
}

/** Name and value; names may repeat, order counts. */
export type Header = readonly [name: string, value: string | null];

/** One record that was read. */
export interface ConsumedRecord {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  /** Null where the client does not tell. */
  readonly timestamp: number | null;
  readonly key: string | null;
  readonly value: string | null;
  /** Empty where there are none, or where the client lacks `headers`. */
  readonly headers: readonly Header[];
}

export interface TopicPartition {
  readonly topic: string;
  readonly partition: number;
}

/** A partition and the offset of the next record to read. */
export interface PartitionOffset extends TopicPartition {
  readonly offset: number;
}

/** Who answers. */
export interface Hello {
  /** The client's name, as its users say it. */
  readonly name: string;
  /** Its version as the loaded library or the program itself tells it; with that of what it is built on. */
  readonly version: string;
  /** Codecs that it writes and reads. */
  readonly codecs: readonly Codec[];
  /** Codecs that it does not have, or cannot be told to write, with the reason. Together with `codecs` all five. */
  readonly lacksCodecs: Readonly<Partial<Record<Codec, string>>>;
  /** Partitioners that it can be told to use; its own default first. */
  readonly partitioners: readonly Partitioner[];
  /** What it does not have, with the reason, as a reader of the table will see it. */
  readonly lacks: Readonly<Partial<Record<Ability, string>>>;
}

/** Every operation: what is asked and what is answered. */
export interface Operations {
  hello: { request: { readonly bootstrap: readonly string[] }; reply: Hello };
  /** Resolves when every record was acknowledged; in order of the records within each partition. */
  produce: {
    request: {
      readonly topic: string;
      readonly records: readonly ProduceRecord[];
      readonly acks: -1 | 1 | 0;
      readonly codec: Codec;
      readonly idempotent: boolean;
      /** Of records with a key and without a partition; the client's default if absent. */
      readonly partitioner?: Partitioner;
      /** Spread the sends evenly over so long, so that something can happen meanwhile. Batches then stay small. */
      readonly overMs?: number;
    };
    /** One for each record, in order; null for what the client does not tell. */
    reply: { readonly acknowledged: readonly { readonly partition: number | null; readonly offset: number | null }[] };
  };
  /**
   * Reads one partition without a group (or with one that nobody sees), to `count` records. Fails when they do not come
   * within `timeoutMs`. A timestamp means the first record that is not older.
   */
  consume: {
    request: TopicPartition & {
      readonly from: { readonly offset: number } | { readonly timestamp: number };
      readonly count: number;
      readonly timeoutMs: number;
    };
    reply: { readonly records: readonly ConsumedRecord[] };
  };
  /**
   * Becomes a member of a group, starting at the earliest record where nothing is committed. Resolves at once or when
   * the member has joined, as suits the client. It commits nothing unasked, unless the client lacks `explicit-commit`:
   * then it commits by itself, at the latest when it leaves, and never what it has not handed out.
   */
  subscribe: {
    request: {
      readonly groupId: string;
      readonly topics: readonly string[];
      readonly sessionTimeoutMs: number;
      readonly heartbeatIntervalMs: number;
      /** Most records that it will read before it is told to leave: a tool ends by itself after so many. */
      readonly maxRecords?: number;
    };
    reply: Record<string, never>;
  };
  /**
   * Hands out what the member has read since the last poll, waiting for the first for up to `timeoutMs`. None is no
   * failure. Called often, also by those who only want to take part in rebalances.
   */
  poll: {
    request: { readonly maxRecords: number; readonly timeoutMs: number };
    reply: {
      readonly records: readonly ConsumedRecord[];
      /** What the member owns now; null where the client does not tell. */
      readonly assignment: readonly TopicPartition[] | null;
    };
  };
  /** Commits for the member. `REBALANCE_IN_PROGRESS`, `ILLEGAL_GENERATION`, `UNKNOWN_MEMBER_ID` are errors to report. */
  commit: { request: { readonly offsets: readonly PartitionOffset[] }; reply: Record<string, never> };
  /** Leaves the group in order. */
  leave: { request: Record<string, never>; reply: Record<string, never> };
  /** What a group has committed; partitions without a commit are left out. Not asked of a member alone. */
  committed: {
    request: { readonly groupId: string; readonly topic: string; readonly partitions: number };
    reply: { readonly offsets: readonly PartitionOffset[] };
  };
  describeGroup: {
    request: { readonly groupId: string };
    reply: {
      /** As the protocol spells it, `Stable` or `PreparingRebalance`; upper and lower case do not matter. */
      readonly state: string;
      readonly members: readonly { readonly partitions: readonly TopicPartition[] }[];
    };
  };
  listOffsets: {
    request: TopicPartition & { readonly at: 'earliest' | 'latest' | { readonly timestamp: number } };
    /** −1 when no record is that young. */
    reply: { readonly offset: number };
  };
  createTopic: {
    request: {
      readonly topic: string;
      readonly partitions: number;
      readonly replicationFactor: number;
      readonly configs: Readonly<Record<string, string>>;
    };
    reply: Record<string, never>;
  };
  /** `partitions` is the total afterwards. */
  createPartitions: {
    request: { readonly topic: string; readonly partitions: number };
    reply: Record<string, never>;
  };
  deleteTopic: { request: { readonly topic: string }; reply: Record<string, never> };
  /** How many partitions a topic has, from metadata read now; 0 when there is no such topic. Never creates it. */
  partitionCount: { request: { readonly topic: string }; reply: { readonly partitions: number } };
  /** All settings of one topic or broker, with their effective values; null for secrets and what has no value. */
  describeConfigs: {
    request: { readonly resource: 'topic' | 'broker'; readonly name: string };
    reply: { readonly configs: Readonly<Record<string, string | null>> };
  };
  /** Sets some and takes others back to their defaults; the rest stays. */
  alterConfigs: {
    request: {
      readonly topic: string;
      readonly set: Readonly<Record<string, string>>;
      readonly unset: readonly string[];
    };
    reply: Record<string, never>;
  };
}

export type Operation = keyof Operations;
export type RequestOf<Op extends Operation> = Operations[Op]['request'];
export type ReplyOf<Op extends Operation> = Operations[Op]['reply'];

/** A line to an agent: `{"id":3,"op":"deleteTopic","topic":"t"}`. */
export type RequestLine<Op extends Operation = Operation> = { readonly id: number; readonly op: Op } & RequestOf<Op>;

/**
 * A line from an agent: any number with `records` (of `consume` and `poll`, whose final reply then leaves them out),
 * and one final line with `ok` or `error`.
 */
export type ReplyLine =
  | { readonly id: number; readonly records: readonly ConsumedRecord[] }
  | { readonly id: number; readonly ok: Readonly<Record<string, unknown>> }
  | { readonly id: number; readonly error: AgentFailure };

/** Why a client failed. */
export interface AgentFailure {
  /** The name of the protocol's error (`MESSAGE_TOO_LARGE`), or the client's own name of one that it made itself. */
  readonly name: string;
  /** The protocol's error code (10), if the failure is the broker's answer; null if the client made it. */
  readonly code: number | null;
  readonly message: string;
}

/** A failure of a client, thrown where it was asked. */
export class AgentError extends Error {
  readonly code: number | null;

  constructor({ name, code, message }: AgentFailure) {
    super(message);
    this.name = name;
    this.code = code;
  }
}

/** A client that can be asked. */
export interface Agent {
  readonly hello: Hello;
  /** @throws AgentError when the client fails; Error when the agent itself does */
  ask<Op extends Exclude<Operation, 'hello'>>(op: Op, request: RequestOf<Op>): Promise<ReplyOf<Op>>;
  /**
   * Ends the client as a crash would, and resolves when it is gone: with the records that it had handed out, and maybe
   * committed, before anybody polled them. (None where commits are explicit; a tool's printed lines.)
   */
  crash(): Promise<readonly ConsumedRecord[]>;
  /** Closes everything in order. */
  close(): Promise<void>;
}

/** One column of the matrix: exported as `client` from `agents/<folder>/client.ts`. */
export interface Client {
  /** Short and unique, of `a-z`, `0-9` and `-`: part of names of topics and groups. */
  readonly id: string;
  /** The library that it shares with others, so that these do not vouch for one another: `librdkafka`, `java`. */
  readonly kinship: string;
  /** Whether the machine decides its version; every other is pinned, and what the page says of it has to be so. */
  readonly unpinned?: boolean;
  /** Fetches, builds and caches what it needs, quietly. @throws Error naming what is missing and the remedy */
  prepare(context: ClientContext): Promise<StartAgent>;
}

/** Starts one agent and says hello. */
export type StartAgent = (bootstrap: readonly string[]) => Promise<Agent>;

export interface ClientContext {
  /** A directory that stays between runs. */
  readonly cache: string;
  /** An empty directory that is removed afterwards. */
  readonly scratch: string;
  /** Apache's jars and our Java programs, prepared at first use. */
  java(): Promise<Java>;
}
