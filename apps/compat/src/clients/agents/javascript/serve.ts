import { createInterface } from 'node:readline';
import {
  AgentError,
  type AgentFailure,
  CHUNK_BYTES,
  CHUNK_RECORDS,
  type ConsumedRecord,
  type Operation,
  type ReplyLine,
  type ReplyOf,
  type RequestLine,
  type RequestOf,
} from '../../agent-protocol.ts';

/** What an agent answers to each operation. */
export type Handlers = { readonly [Op in Operation]: (request: RequestOf<Op>) => Promise<ReplyOf<Op>> };

/** Answers requests from standard input, one after the other, until it ends; then closes the client and the process. */
export async function serve(
  handlers: Handlers,
  toFailure: (error: Error) => AgentFailure,
  close: () => Promise<void>,
): Promise<void> {
  for await (const line of createInterface({ input: process.stdin })) {
    const request = JSON.parse(line) as RequestLine;
    const handle = handlers[request.op] as (request: unknown) => Promise<Record<string, unknown>>;
    try {
      const { records, ...ok } = (await handle(request)) as { readonly records?: readonly ConsumedRecord[] };
      for (const chunk of chunksOf(records ?? [])) say({ id: request.id, records: chunk });
      say({ id: request.id, ok });
    } catch (thrown) {
      const error = thrown instanceof Error ? thrown : new Error(String(thrown));
      const failure =
        error instanceof AgentError ? { name: error.name, code: error.code, message: error.message } : toFailure(error);
      if (failure.code === null) console.error(error);
      say({ id: request.id, error: failure });
    }
  }
  await close();
  process.exit(0);
}

/** Records that arrive unasked, until they are asked for. */
export class Inbox {
  readonly #records: ConsumedRecord[] = [];
  #arrived: (() => void) | undefined;

  put(...records: readonly ConsumedRecord[]): void {
    this.#records.push(...records);
    this.#arrived?.();
  }

  /** Waits for the first record, if there is none, and takes what is there. */
  async take(count: number, timeoutMs: number): Promise<ConsumedRecord[]> {
    if (this.#records.length === 0) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, timeoutMs);
        this.#arrived = () => {
          clearTimeout(timer);
          resolve();
        };
      });
      this.#arrived = undefined;
    }
    return this.#records.splice(0, count);
  }

  /** Takes exactly so many. @throws AgentError when they do not come in time */
  async takeAll(count: number, timeoutMs: number): Promise<ConsumedRecord[]> {
    const deadline = Date.now() + timeoutMs;
    const taken: ConsumedRecord[] = [];
    while (taken.length < count) {
      const leftMs = deadline - Date.now();
      if (leftMs <= 0)
        throw new AgentError({ name: 'TIMEOUT', code: null, message: `${taken.length} of ${count} records came` });
      taken.push(...(await this.take(count - taken.length, leftMs)));
    }
    return taken;
  }
}

/** Cuts records into slices that are to be sent over a time, and says how long to wait after each. */
export function slicesOver<Item>(
  items: readonly Item[],
  overMs = 0,
): readonly { readonly slice: readonly Item[]; readonly pauseMs: number }[] {
  if (overMs === 0) return [{ slice: items, pauseMs: 0 }];
  const size = Math.max(1, Math.ceil(items.length / SLICES));
  const count = Math.ceil(items.length / size);
  return Array.from({ length: count }, (_, index) => ({
    slice: items.slice(index * size, (index + 1) * size),
    pauseMs: overMs / count,
  }));
}

const SLICES = 20;

function say(line: ReplyLine): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

function* chunksOf(records: readonly ConsumedRecord[]): Generator<readonly ConsumedRecord[]> {
  let chunk: ConsumedRecord[] = [];
  let bytes = 0;
  for (const record of records) {
    chunk.push(record);
    bytes += (record.key?.length ?? 0) + (record.value?.length ?? 0) + 100;
    if (chunk.length >= CHUNK_RECORDS || bytes >= CHUNK_BYTES) {
      yield chunk;
      chunk = [];
      bytes = 0;
    }
  }
  if (chunk.length > 0) yield chunk;
}
