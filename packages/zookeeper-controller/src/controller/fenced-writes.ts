import { PATHS } from '@biquorum/kafka-znodes';
import { MultiError, type Operation, type OperationResult, type ZooKeeperClient } from '@biquorum/zookeeper-client';
import { untilAnswered } from '../until-answered.ts';
import { ControllerMoved } from './faults.ts';

/**
 * Writes of a controller: each in one multi with a check of `/controller_epoch`, so that none takes effect once another
 * controller has been elected.
 */
export class FencedWrites {
  /** Of the controller that writes. */
  readonly epoch: number;
  readonly #session: ZooKeeperClient;
  readonly #epochZkVersion: number;

  constructor(session: ZooKeeperClient, epoch: number, epochZkVersion: number) {
    this.#session = session;
    this.epoch = epoch;
    this.#epochZkVersion = epochZkVersion;
  }

  /**
   * All operations or none. A write that is repeated after a lost connection may find its own effect.
   *
   * @throws ControllerMoved, MultiError with the index among `operations`, ZooKeeperError SessionExpired
   */
  async write(operations: readonly Operation[]): Promise<readonly OperationResult[]> {
    const fence: Operation = { op: 'check', path: PATHS.controllerEpoch, version: this.#epochZkVersion };
    try {
      const results = await untilAnswered(this.#session, () => this.#session.multi([fence, ...operations]));
      return results.slice(1);
    } catch (error) {
      if (!(error instanceof MultiError)) throw error;
      if (error.index === 0) throw new ControllerMoved(this.epoch);
      throw new MultiError(
        error.errors.slice(1),
        operations.map(({ path }) => path),
      );
    }
  }

  /** One operation. @throws ControllerMoved, MultiError */
  async writeOne(operation: Operation): Promise<OperationResult> {
    const [result] = await this.write([operation]);
    return result as OperationResult;
  }
}

/** Was it this error of the one operation that failed? */
export function failedWith(error: unknown, code: MultiError['code']): error is MultiError {
  return error instanceof MultiError && error.code === code;
}

/** Works on parts of a list, all on their way at once. */
export async function inChunks<Item, Result>(
  items: readonly Item[],
  chunkLength: number,
  work: (chunk: readonly Item[]) => Promise<readonly Result[]>,
): Promise<Result[]> {
  const chunks: Promise<readonly Result[]>[] = [];
  for (let from = 0; from < items.length; from += chunkLength) chunks.push(work(items.slice(from, from + chunkLength)));
  const settled = await Promise.allSettled(chunks);
  const results: Result[] = [];
  for (const one of settled) {
    if (one.status === 'rejected') throw one.reason;
    for (const result of one.value) results.push(result);
  }
  return results;
}

/** Asks for each item, so many at once. */
export async function pipelined<Item, Result>(
  items: readonly Item[],
  ask: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = new Array(items.length);
  let next = 0;
  const lane = async (): Promise<void> => {
    for (let position = next++; position < items.length; position = next++) {
      results[position] = await ask(items[position] as Item);
    }
  };
  const lanes = await Promise.allSettled(Array.from({ length: Math.min(LANES, items.length) }, lane));
  const failed = lanes.find((one) => one.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
  return results;
}

/** As many requests as a client has on their way at once. */
const LANES = 1_000;
