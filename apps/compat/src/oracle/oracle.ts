import type { WrittenMessage } from '../definitions/facts.ts';
import type { Java } from '../java/java.ts';
import { type Json, parseJson } from './json.ts';

/** A message that Java wrote, or read. Source: `java/src/biquorum/oracle/MessageRecorder.java`. */
export interface MessageRecording {
  /** File name of the jar that defines the message. */
  readonly jar: string;
  /** Name of the message as its definition has it. */
  readonly m: string;
  /** Version. */
  readonly v: number;
  /** Which kind of values it holds. */
  readonly sample: string;
  readonly hex: string;
  /** What Java's converter makes of it. */
  readonly json: Json;
  /** Unknown tagged fields as `[tag, hex]`, by the path of the struct that holds them. */
  readonly unknown?: Readonly<Record<string, readonly (readonly [number, string])[]>>;
}

/** What Java made of bytes that were put to it. */
export type MessageAnswer =
  | Pick<MessageRecording, 'm' | 'v' | 'hex' | 'json' | 'unknown'>
  | { readonly m: string; readonly v: number; readonly error: string };

/** Record batches as Java reads them. Source: `java/src/biquorum/oracle/BatchChecker.java`. */
export interface BatchFacts {
  readonly baseOffset: number;
  readonly lastOffset: number;
  readonly sizeInBytes: number;
  readonly partitionLeaderEpoch: number;
  readonly magic: number;
  readonly crc: number;
  readonly compression: 'none' | 'gzip' | 'snappy' | 'lz4' | 'zstd';
  readonly timestampType: 'CreateTime' | 'LogAppendTime';
  readonly transactional: boolean;
  readonly control: boolean;
  /** −1 for none. */
  readonly deleteHorizonMs: number;
  readonly baseTimestamp: number;
  readonly maxTimestamp: number;
  readonly producerId: number;
  readonly producerEpoch: number;
  readonly baseSequence: number;
  readonly lastSequence: number;
  readonly count: number;
  readonly records: readonly RecordFacts[];
}

/** A record as Java reads it; bytes in base64. */
export interface RecordFacts {
  readonly offset: number;
  readonly timestamp: number;
  readonly sequence: number;
  readonly sizeInBytes: number;
  readonly key: string | null;
  readonly value: string | null;
  readonly headers: readonly (readonly [key: string, value: string | null])[];
}

/** What stands in a batch that does not follow from its bytes: neither checksum nor sizes of records. */
export type BatchContent = Omit<BatchFacts, 'crc' | 'records'> & {
  readonly records: readonly Omit<RecordFacts, 'sizeInBytes'>[];
};

/** Record batches that Java wrote. */
export interface BatchRecording {
  readonly name: string;
  readonly codec: string;
  readonly hex: string;
  readonly batches: readonly BatchFacts[];
}

/** What Java made of batches that were put to it. */
export type BatchAnswer = { readonly batches: readonly BatchFacts[] } | { readonly error: string };

/** A row of Java's error table. */
export interface ErrorFacts {
  readonly code: number;
  readonly name: string;
  readonly retriable: boolean;
  readonly invalidMetadata: boolean;
}

/** An API key as Java knows it. */
export interface ApiFacts {
  readonly key: number;
  readonly name: string;
  readonly oldestVersion: number;
  readonly latestVersion: number;
  readonly clusterAction: boolean;
  readonly forwardable: boolean;
  readonly listeners: readonly ('zk_broker' | 'broker' | 'controller')[];
  readonly versions: readonly {
    readonly version: number;
    readonly stable: boolean;
    readonly deprecated: boolean;
    readonly requestHeader: number;
    readonly responseHeader: number;
  }[];
}

/** Puts questions to Apache's classes. */
export class Oracle {
  readonly #java: Java;

  constructor(java: Java) {
    this.#java = java;
  }

  /** Facts of every message definition, as the jars have them but for descriptions. */
  definitions(): Promise<readonly WrittenMessage[]> {
    return this.#ask('definitions');
  }

  errors(): Promise<readonly ErrorFacts[]> {
    return this.#ask('errors');
  }

  apis(): Promise<readonly ApiFacts[]> {
    return this.#ask('apis');
  }

  /** A table, as lines of JSON. */
  tableLines(table: 'definitions' | 'apis'): Promise<readonly string[]> {
    return this.#lines([table]);
  }

  /** Every message in every version, drawn from a seed, as lines of JSON. */
  messageLines(seed: number, random: number): Promise<readonly string[]> {
    return this.#lines(['messages', '--seed', `${seed}`, '--random', `${random}`]);
  }

  /** Record batches with every codec, drawn from a seed, as lines of JSON. */
  batchLines(seed: number, random: number): Promise<readonly string[]> {
    return this.#lines(['batches', '--seed', `${seed}`, '--random', `${random}`]);
  }

  /** What Java reads in bytes of messages, as lines of JSON in the order of the questions; see {@link MessageAnswer}. */
  checkMessages(
    questions: Iterable<{ readonly m: string; readonly v: number; readonly hex: string }>,
  ): Promise<readonly string[]> {
    return this.#lines(['check-messages'], questions);
  }

  /** What Java reads in bytes of batches; answers in the order of the questions. */
  checkBatches(questions: Iterable<{ readonly hex: string }>): Promise<readonly BatchAnswer[]> {
    return this.#ask('check-batches', questions);
  }

  async #ask<T>(command: string, questions: Iterable<object> = []): Promise<readonly T[]> {
    const lines = await this.#lines([command], questions);
    return lines.map((line) => parseJson(line) as T);
  }

  async #lines(args: readonly string[], questions: Iterable<object> = []): Promise<readonly string[]> {
    const input = (function* () {
      for (const question of questions) yield `${JSON.stringify(question)}\n`;
    })();
    const { stdout } = await this.#java.run('biquorum.oracle.Oracle', args, { input });
    return stdout.split('\n').filter((line) => line !== '');
  }
}
