import type { ApiAnnouncement, ApiRange, RequestContext } from '@biquorum/control-plane';
import type { ConnectionIdentity, Reply, RequestService, Segment } from '@biquorum/kafka-network';
import {
  decodeRequestHeader,
  encodeResponseHeader,
  type Init,
  ProtocolError,
  type RequestHeader,
  StringInterner,
} from '@biquorum/kafka-wire';
import { apiVersionsRequest, apiVersionsResponse } from '@biquorum/kafka-wire/messages/api-versions';
import type { ClusterView } from '@biquorum/metadata';
import { ByteReader, ByteWriter } from '@biquorum/std';
import { API_VERSIONS_KEY, handleApiVersions, unsupportedApiVersions } from './api-versions.ts';
import { CONFIG_CHANGE_KEYS, handleConfigChange } from './config-changes.ts';
import type { BrokerCore } from './core.ts';
import { CORE_APIS, CORE_RANGES, type CoreApi } from './table.ts';

/**
 * Takes requests as bytes, finds who serves them and answers in bytes.
 *
 * What the plane announces on a listener is what is served there: a request outside of it closes the connection, as
 * Kafka does, but for ApiVersions, which is told what there is.
 */
export class Router implements RequestService {
  readonly #core: BrokerCore;
  readonly #apis: ReadonlyMap<number, CoreApi> = new Map(CORE_APIS.map((api) => [api.apiKey, api]));
  readonly #announcements: Map<string, Announced> = new Map();
  /** Topic names and client ids repeat: they are made into strings once. */
  readonly #text: StringInterner = new StringInterner();

  constructor(core: BrokerCore) {
    this.#core = core;
  }

  serve(connection: ConnectionIdentity, frame: Uint8Array): Reply | Promise<Reply> {
    let header: RequestHeader;
    const reader = new ByteReader(frame);
    try {
      header = decodeRequestHeader(reader, this.#text);
    } catch (error) {
      return this.#refuse(connection, error);
    }
    const { announcement, ranges } = this.#announced(connection.listener);
    const { requestApiKey: apiKey, requestApiVersion: version } = header;
    const served = ranges.get(apiKey);
    if (apiKey === API_VERSIONS_KEY) return this.#apiVersions(announcement, header, reader, connection);
    if (served === undefined || version < served.min || version > served.max) {
      return this.#refuse(
        connection,
        new Error(`API key ${apiKey} version ${version} is not served on ${connection.listener}`),
      );
    }
    const context = contextOf(connection, header);
    if (announcement.planeKeys.has(apiKey)) return this.#toPlane(connection, context, header, frame, reader.offset);
    return this.#toCore(this.#apis.get(apiKey) as CoreApi, connection, context, header, frame, reader);
  }

  forget(_connection: ConnectionIdentity): void {
    // Nothing is kept per connection: fetch sessions outlive their connections by design.
  }

  /** What is announced may change with the view, and is asked for anew with each. */
  #announced(listener: string): Announced {
    const view = this.#core.view();
    const known = this.#announcements.get(listener);
    if (known?.view === view) return known;
    const announcement = this.#core.plane.advertise(listener, CORE_RANGES);
    const ranges = new Map(announcement.apis.map((api) => [api.apiKey, api]));
    const announced: Announced = { view, announcement, ranges };
    this.#announcements.set(listener, announced);
    return announced;
  }

  #toCore(
    api: CoreApi,
    connection: ConnectionIdentity,
    context: RequestContext,
    header: RequestHeader,
    frame: Uint8Array,
    reader: ByteReader,
  ): Reply | Promise<Reply> {
    const { requestApiVersion: version } = header;
    const spent = api.spendsFrame ? { spentFrame: frame } : {};
    const answer = (response: unknown): Reply => {
      if (response === null) return { kind: 'silence', ...spent };
      if (response === 'close') return { kind: 'close', reason: 'a request without acknowledgement failed' };
      return { kind: 'response', segments: encode(api, header, response as Init<unknown>), ...spent };
    };
    try {
      const body = api.request.decode(reader, version, this.#text);
      const response = api.handle({ core: this.#core, context, version, body });
      if (!(response instanceof Promise)) return answer(response);
      return response.then(answer).catch((error: unknown) => this.#fault(connection, header, error));
    } catch (error) {
      if (error instanceof ProtocolError) return this.#refuse(connection, error);
      return this.#fault(connection, header, error);
    }
  }

  async #toPlane(
    connection: ConnectionIdentity,
    context: RequestContext,
    header: RequestHeader,
    frame: Uint8Array,
    bodyOffset: number,
  ): Promise<Reply> {
    const { requestApiKey: apiKey, requestApiVersion: apiVersion, correlationId } = header;
    try {
      const request = { context, apiKey, apiVersion, correlationId, frame, bodyOffset };
      const reply = await (CONFIG_CHANGE_KEYS.has(apiKey)
        ? handleConfigChange(this.#core, request)
        : this.#core.plane.handle(request));
      if (reply.kind === 'close') return reply;
      const writer = new ByteWriter();
      encodeResponseHeader(writer, { correlationId }, apiKey, apiVersion);
      return { kind: 'response', segments: [writer.finish(), reply.body] };
    } catch (error) {
      if (error instanceof ProtocolError) return this.#refuse(connection, error);
      return this.#fault(connection, header, error);
    }
  }

  #apiVersions(
    announcement: ApiAnnouncement,
    header: RequestHeader,
    reader: ByteReader,
    connection: ConnectionIdentity,
  ): Reply {
    const { requestApiVersion: version, correlationId } = header;
    const known = version >= apiVersionsRequest.lowestVersion && version <= apiVersionsRequest.highestVersion;
    const writer = new ByteWriter();
    try {
      const response = known
        ? handleApiVersions(announcement, version, apiVersionsRequest.decode(reader, version))
        : unsupportedApiVersions(announcement);
      const responseVersion = known ? version : 0;
      encodeResponseHeader(writer, { correlationId }, API_VERSIONS_KEY, responseVersion);
      apiVersionsResponse.encode(writer, response, responseVersion);
      return { kind: 'response', segments: [writer.finish()] };
    } catch (error) {
      return this.#refuse(connection, error);
    }
  }

  /** The peer's fault. */
  #refuse(connection: ConnectionIdentity, error: unknown): Reply {
    this.#core.ports.telemetry.log('warn', 'request refused', { ...connection, error: error as Error });
    return { kind: 'close', reason: String(error) };
  }

  /** Ours. */
  #fault(connection: ConnectionIdentity, header: RequestHeader, error: unknown): Reply {
    const { requestApiKey: apiKey, requestApiVersion: version } = header;
    this.#core.ports.telemetry.log('error', 'request failed', {
      ...connection,
      apiKey,
      version,
      error: error as Error,
    });
    return { kind: 'close', reason: 'the broker failed to serve the request; its log says why' };
  }
}

interface Announced {
  readonly view: ClusterView;
  readonly announcement: ApiAnnouncement;
  readonly ranges: ReadonlyMap<number, ApiRange>;
}

function contextOf(connection: ConnectionIdentity, header: RequestHeader): RequestContext {
  return {
    listener: connection.listener,
    securityProtocol: 'PLAINTEXT',
    principal: { type: 'User', name: 'ANONYMOUS' },
    clientAddress: connection.remoteHost,
    clientId: header.clientId,
  };
}

function encode(api: CoreApi, header: RequestHeader, response: Init<unknown>): readonly Segment[] {
  const writer = new ByteWriter();
  const { correlationId, requestApiVersion: version } = header;
  encodeResponseHeader(writer, { correlationId }, api.apiKey, version);
  api.response.encode(writer, response, version);
  return writer.segments() as readonly Segment[];
}
