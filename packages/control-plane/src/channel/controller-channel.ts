import { PeerChannel, PeerError } from '@biquorum/kafka-network';
import {
  decodeResponseHeader,
  encodeRequestHeader,
  type Init,
  type MessageCodec,
  ProtocolError,
} from '@biquorum/kafka-wire';
import { apiVersionsRequest, apiVersionsResponse } from '@biquorum/kafka-wire/messages/api-versions';
import type { Ports } from '@biquorum/platform';
import { assert, ByteReader, ByteWriter } from '@biquorum/std';
import type { ApiRange } from '../announcement.ts';
import { Pauses } from './pauses.ts';

/** The active controller, as far as a node knows it. */
export interface KnownController {
  readonly id: number;
  /** Undefined while it is not known where it can be reached. */
  readonly endpoint: { readonly host: string; readonly port: number } | undefined;
}

/** Who knows which node is the active controller. */
export interface ControllerSource {
  /** Undefined while none is known. */
  controller(): KnownController | undefined;
  onChange(listener: () => void): () => void;
}

/** One kind of request to the active controller. */
export interface ControllerCall<Request, Response> {
  readonly request: MessageCodec<Request>;
  readonly response: MessageCodec<Response>;
  /** The body for the version that both sides know. */
  readonly body: (version: number) => Init<Request>;
  /** Says that the answer is not final: this node is not the active controller, or not ready. */
  readonly isTransient: (response: Response) => boolean;
}

/** How patient a channel is. */
export interface ChannelOptions {
  /** Names the connection in the controller's log. */
  readonly clientId: string;
  /** How long one request may take on one connection. */
  readonly requestTimeoutMs: number;
}

/** Why a controller was not asked, or did not answer. */
export class ChannelError extends Error {
  override readonly name: string = 'ChannelError';
  readonly code: 'timeout' | 'closed' | 'unsupported';

  constructor(code: ChannelError['code'], detail: string) {
    super(detail);
    this.code = code;
  }
}

const CONNECT_TIMEOUT_MS = 2_000;
const RESPONSE_BYTES_MAX = 100 << 20;
const RETRY_MS_MIN = 10;
const RETRY_MS_MAX = 200;
const API_VERSIONS_VERSION = 3;

/**
 * Reaches the active controller, whichever it is: looks it up, connects, agrees on versions, and asks again after lost
 * connections and changes of controller until a deadline. An answer that was lost is asked for anew, so what is asked must
 * bear to be asked twice.
 *
 * Source: Java `NodeToControllerChannelManager` (KIP-590).
 */
export class ControllerChannel {
  readonly #ports: Pick<Ports, 'network' | 'timers' | 'clock'>;
  readonly #source: ControllerSource;
  readonly #options: ChannelOptions;
  readonly #pauses: Pauses;
  readonly #unsubscribe: () => void;
  #link: Link | undefined;
  #ranges: ReadonlyMap<number, ApiRange> | undefined;
  #closed = false;

  constructor(ports: Pick<Ports, 'network' | 'timers' | 'clock'>, source: ControllerSource, options: ChannelOptions) {
    this.#ports = ports;
    this.#source = source;
    this.#options = options;
    this.#pauses = new Pauses(ports.timers);
    this.#unsubscribe = source.onChange(() => this.#controllerChanged());
  }

  /** What the controller that was asked last serves; undefined before the first. */
  get ranges(): ReadonlyMap<number, ApiRange> | undefined {
    return this.#ranges;
  }

  /**
   * Asks until there is an answer that is final.
   *
   * @param deadlineMs on the monotonic clock
   * @throws ChannelError
   */
  async ask<Request, Response>(call: ControllerCall<Request, Response>, deadlineMs: number): Promise<Response> {
    let retryMs = RETRY_MS_MIN;
    for (;;) {
      const answer = await this.#tryOnce(call);
      if (answer !== undefined && !call.isTransient(answer.response)) return answer.response;
      // A controller that no longer is one must be left: the next try looks for it anew.
      if (answer !== undefined) this.#drop(answer.link);
      if (this.#closed) throw new ChannelError('closed', 'this node stops');
      const leftMs = deadlineMs - this.#ports.clock.monotonicMs();
      if (leftMs <= 0) throw new ChannelError('timeout', 'no active controller has answered in time');
      await this.#pauses.wait(Math.min(retryMs, leftMs));
      retryMs = Math.min(retryMs * 2, RETRY_MS_MAX);
    }
  }

  /** Ends requests in flight with `closed`. */
  close(): void {
    this.#closed = true;
    this.#unsubscribe();
    this.#link?.channel.close();
    this.#link = undefined;
    this.#pauses.end();
  }

  /** Undefined when there is nobody to ask or no answer. */
  async #tryOnce<Request, Response>(
    call: ControllerCall<Request, Response>,
  ): Promise<{ readonly response: Response; readonly link: Link } | undefined> {
    const link = this.#closed ? undefined : this.#linkToController();
    if (link === undefined) return undefined;
    try {
      const ranges = await link.ranges;
      this.#ranges = ranges;
      const version = versionFor(call, ranges);
      const response = await exchange(link.channel, this.#options.clientId, call, version);
      return { response, link };
    } catch (error) {
      this.#drop(link);
      // A peer that is gone or answers what cannot be read is left for the next one; all else is our own fault.
      if (error instanceof PeerError || error instanceof ProtocolError) return undefined;
      throw error;
    }
  }

  #linkToController(): Link | undefined {
    const controller = this.#source.controller();
    if (controller?.endpoint === undefined) return undefined;
    const { id } = controller;
    const { host, port } = controller.endpoint;
    const present = this.#link;
    if (present !== undefined && present.id === id && present.host === host && present.port === port) {
      return present;
    }
    present?.channel.close();
    const { clientId, requestTimeoutMs } = this.#options;
    const channel = new PeerChannel(
      this.#ports,
      { host, port },
      {
        connectTimeoutMs: CONNECT_TIMEOUT_MS,
        requestTimeoutMs,
        responseBytesMax: RESPONSE_BYTES_MAX,
      },
    );
    const link: Link = { id, host, port, channel, ranges: askVersions(channel, clientId) };
    // Whoever uses the link hears of it; nobody may.
    link.ranges.catch(() => {});
    this.#link = link;
    return link;
  }

  #drop(link: Link): void {
    link.channel.close();
    if (this.#link === link) this.#link = undefined;
  }

  /** What the old controller has been asked is asked of the new one at once: the old one may never answer. */
  #controllerChanged(): void {
    const controller = this.#source.controller();
    if (controller === undefined) return;
    const link = this.#link;
    if (link !== undefined && link.id !== controller.id) this.#drop(link);
    this.#pauses.wake();
  }
}

interface Link {
  readonly id: number;
  readonly host: string;
  readonly port: number;
  readonly channel: PeerChannel;
  readonly ranges: Promise<ReadonlyMap<number, ApiRange>>;
}

async function askVersions(channel: PeerChannel, clientId: string): Promise<ReadonlyMap<number, ApiRange>> {
  const call = {
    request: apiVersionsRequest,
    response: apiVersionsResponse,
    body: () => ({ clientSoftwareName: 'biquorum', clientSoftwareVersion: '0.0.0' }),
    isTransient: () => false,
  };
  const { apiKeys } = await exchange(channel, clientId, call, API_VERSIONS_VERSION);
  return new Map(
    apiKeys.map(({ apiKey, minVersion, maxVersion }) => [apiKey, { apiKey, min: minVersion, max: maxVersion }]),
  );
}

function versionFor<Request, Response>(
  { request }: ControllerCall<Request, Response>,
  ranges: ReadonlyMap<number, ApiRange>,
): number {
  const { name, apiKey = -1 } = request.table;
  const range = ranges.get(apiKey);
  const version = Math.min(range?.max ?? -1, request.highestVersion);
  if (range !== undefined && version >= range.min && version >= request.lowestVersion) return version;
  throw new ChannelError('unsupported', `the active controller serves no version of ${name} that this node knows`);
}

async function exchange<Request, Response>(
  channel: PeerChannel,
  clientId: string,
  { request, response, body }: ControllerCall<Request, Response>,
  version: number,
): Promise<Response> {
  const { apiKey } = request.table;
  assert(apiKey !== undefined, () => `${request.table.name} belongs to no API`);
  const frame = await channel.request((correlationId) => {
    const header = new ByteWriter();
    encodeRequestHeader(header, { requestApiKey: apiKey, requestApiVersion: version, correlationId, clientId });
    return [header.finish(), request.toBytes(body(version), version)];
  });
  const reader = new ByteReader(frame);
  decodeResponseHeader(reader, apiKey, version);
  const answer = response.decode(reader, version);
  if (reader.remaining === 0) return answer;
  const detail = `${reader.remaining} bytes are left over`;
  const { name } = response.table;
  throw new ProtocolError({ code: 'trailing-bytes', api: name, version, path: '', offset: reader.offset, detail });
}
