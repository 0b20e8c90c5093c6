import { Queue } from '@biquorum/std';

/** How many requests may be in process. Names are those of the properties `zookeeper.request_throttle_…`. */
export interface RequestThrottleOptions {
  /** `max_requests`: over it, requests wait in front; 0 turns the throttle off. */
  readonly requestsMax: number;
  /** `drop_stale`: requests whose connection is gone, or stale by latency, are not served. */
  readonly dropStale: boolean;
  /** `request_stale_latency_check`: a request that waited longer than its session's timeout is stale. */
  readonly staleLatencyCheck: boolean;
  /** `throttled_op_wait_time`: who waited longer is answered ThrottledOp; 0 turns it off. Milliseconds. */
  readonly throttledOpWaitMs: number;
}

/** Java's defaults: off. */
export const NO_REQUEST_THROTTLE: RequestThrottleOptions = {
  requestsMax: 0,
  dropStale: true,
  staleLatencyCheck: false,
  throttledOpWaitMs: 0,
};

/** A request that waits for its turn. */
export interface ThrottledRequest {
  /** Whether the request is still wanted. */
  isStale(waitedMs: number): boolean;
  /** Its turn has come. @param throttled it waited too long, and is told so */
  begin(throttled: boolean): void;
  /** It is not served: its connection must end, since those behind it cannot be served either. */
  drop(): void;
}

/** Holds requests back in the order of their coming while too many are in process. Source: Java `RequestThrottler`. */
export class RequestThrottle {
  readonly #options: RequestThrottleOptions;
  readonly #inProcess: () => number;
  readonly #monotonicMs: () => number;
  readonly #waiting: Queue<{ readonly request: ThrottledRequest; readonly sinceMs: number }> = new Queue();
  #releasing = false;

  constructor(options: RequestThrottleOptions, inProcess: () => number, monotonicMs: () => number) {
    this.#options = options;
    this.#inProcess = inProcess;
    this.#monotonicMs = monotonicMs;
  }

  /** Requests that wait. */
  get size(): number {
    return this.#waiting.size;
  }

  /** Takes a request: it begins at once when there is room. */
  submit(request: ThrottledRequest): void {
    if (this.#options.requestsMax === 0) request.begin(false);
    else {
      this.#waiting.push({ request, sinceMs: this.#monotonicMs() });
      this.release();
    }
  }

  /** Room may have come. @returns How many requests were dropped. */
  release(): void {
    if (this.#releasing) return;
    this.#releasing = true;
    for (let next = this.#waiting.peek(); next !== undefined; next = this.#waiting.peek()) {
      const { request, sinceMs } = next;
      const waitedMs = this.#monotonicMs() - sinceMs;
      const isStale = this.#options.dropStale && request.isStale(this.#options.staleLatencyCheck ? waitedMs : 0);
      if (!isStale && this.#inProcess() >= this.#options.requestsMax) break;
      this.#waiting.shift();
      if (isStale) request.drop();
      else {
        const { throttledOpWaitMs } = this.#options;
        request.begin(throttledOpWaitMs > 0 && waitedMs > throttledOpWaitMs);
      }
    }
    this.#releasing = false;
  }
}
