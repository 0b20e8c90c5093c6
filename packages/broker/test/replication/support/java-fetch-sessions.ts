import type {
  FetchConclusion,
  FetchContext,
  FetchResult,
  FetchWish,
  SessionRequest,
} from '../../../src/replicas/fetch-sessions.ts';

/** What a leader of ours or of Apache's knows of its followers' sessions. */
export interface LeaderSessions {
  begin(request: SessionRequest, nowMs: number): FetchContext;
}

interface Cached {
  wish: FetchWish;
  highWatermark: number;
  logStartOffset: number;
}

/**
 * What an Apache leader remembers of a follower's session, as far as it decides what it tells: a partition's high
 * watermark and log start are told when they differ from what was answered last, whoever has taken that; a request's
 * partitions are added and changed before the forgotten ones go.
 *
 * Source: `FetchSession.update`, `CachedPartition.maybeUpdateResponseData`, `IncrementalFetchContext` of 3.9.
 */
export class JavaFetchSessions implements LeaderSessions {
  readonly #sessions: Map<number, { epoch: number; readonly partitions: Map<string, Cached> }> = new Map();
  #lastId = 0;

  begin({ sessionId, sessionEpoch, wishes, forgotten }: SessionRequest): FetchContext {
    if (sessionEpoch === 0) {
      this.#sessions.delete(sessionId);
      return serve(wishes, (results) => {
        this.#lastId += 1;
        const partitions = new Map(wishes.map((wish, index) => [keyOf(wish), cachedWith(wish, results[index])]));
        this.#sessions.set(this.#lastId, { epoch: 1, partitions });
        return { kind: 'answer', sessionId: this.#lastId, includes: () => true };
      });
    }
    const session = this.#sessions.get(sessionId);
    if (session === undefined) return { kind: 'refused', error: 'FETCH_SESSION_ID_NOT_FOUND' };
    if (session.epoch !== sessionEpoch) return { kind: 'refused', error: 'INVALID_FETCH_SESSION_EPOCH' };
    session.epoch += 1;
    const { partitions } = session;
    for (const wish of wishes) {
      const known = partitions.get(keyOf(wish));
      if (known === undefined) partitions.set(keyOf(wish), { wish, highWatermark: -1, logStartOffset: -1 });
      else known.wish = wish;
    }
    for (const gone of forgotten) partitions.delete(keyOf(gone));
    if (partitions.size === 0) {
      this.#sessions.delete(sessionId);
      return serve([], () => ({ kind: 'answer', sessionId: 0, includes: () => true }));
    }
    const cached = [...partitions.values()];
    return serve(
      cached.map(({ wish }) => wish),
      (results) => {
        const told = cached.map((partition, index) => mustRespond(partition, results[index] as FetchResult));
        return { kind: 'answer', sessionId, includes: (index) => told[index] === true };
      },
    );
  }
}

function serve(
  wishes: readonly FetchWish[],
  conclude: (results: readonly FetchResult[]) => FetchConclusion,
): FetchContext {
  return {
    kind: 'serve',
    wanted: { isEmpty: wishes.length === 0, wishes: () => wishes, stirs: 0, onStir: () => () => {} },
    conclude: (_, results) => conclude(results),
  };
}

function mustRespond(partition: Cached, result: FetchResult): boolean {
  const { errorCode, highWatermark, logStartOffset, hasNews } = result;
  const isNew = partition.highWatermark !== highWatermark || partition.logStartOffset !== logStartOffset;
  partition.highWatermark = errorCode === 0 ? highWatermark : -1;
  partition.logStartOffset = logStartOffset;
  return isNew || hasNews || errorCode !== 0;
}

function cachedWith(wish: FetchWish, result: FetchResult | undefined): Cached {
  return { wish, highWatermark: result?.highWatermark ?? -1, logStartOffset: result?.logStartOffset ?? -1 };
}

function keyOf({ topic, partition }: { readonly topic: string; readonly partition: number }): string {
  return `${topic}-${partition}`;
}
