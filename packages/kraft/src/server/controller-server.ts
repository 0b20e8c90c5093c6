import type { RequestContext } from '@biquorum/control-plane';
import type { ConnectionIdentity, Reply, RequestService } from '@biquorum/kafka-network';
import {
  decodeRequestHeader,
  encodeResponseHeader,
  ProtocolError,
  type RequestHeader,
  StringInterner,
} from '@biquorum/kafka-wire';
import type { Telemetry } from '@biquorum/platform';
import { ByteReader, ByteWriter } from '@biquorum/std';
import { API_VERSIONS_KEY, type ApiVersionsFacts, answerApiVersions } from './api-versions.ts';
import type { BrokerConnections } from './broker-connections.ts';
import { isServedByControllers } from './controller-apis.ts';
import { answerEnvelope, ENVELOPE_KEY } from './envelope.ts';
import type { ControllerRouter } from './router.ts';

/** What a controller's listener is made of. */
export interface ControllerServerParts {
  readonly router: ControllerRouter;
  /** What ApiVersions tells of features at this moment. */
  readonly features: () => ApiVersionsFacts;
  readonly telemetry: Telemetry;
  /** Told which connection speaks for which broker; not given where nobody wants to know. */
  readonly connections?: BrokerConnections;
}

/**
 * Serves a controller's listener: peers of the quorum, brokers, and clients that administer the cluster directly.
 *
 * What is not served there closes the connection, as in Kafka; ApiVersions in a version that nobody knows is told which
 * there are. Source: Java `ControllerApis`, `SocketServer` of 3.9.
 */
export class ControllerServer implements RequestService {
  readonly #parts: ControllerServerParts;
  readonly #text: StringInterner = new StringInterner();

  constructor(parts: ControllerServerParts) {
    this.#parts = parts;
  }

  async serve(connection: ConnectionIdentity, frame: Uint8Array): Promise<Reply> {
    const reader = new ByteReader(frame);
    try {
      const header = decodeRequestHeader(reader, this.#text);
      const body = frame.subarray(reader.offset);
      return await this.#answer(connection, header, body);
    } catch (error) {
      const level = error instanceof ProtocolError ? 'warn' : 'error';
      this.#parts.telemetry.log(level, 'request refused', { ...connection, error: error as Error });
      return { kind: 'close', reason: String(error) };
    }
  }

  forget(connection: ConnectionIdentity): void {
    this.#parts.connections?.closed(connection.id);
  }

  async #answer(connection: ConnectionIdentity, header: RequestHeader, body: Uint8Array): Promise<Reply> {
    const { requestApiKey: apiKey, requestApiVersion: apiVersion, correlationId } = header;
    if (apiKey === API_VERSIONS_KEY) {
      const { version, body: answer } = answerApiVersions(this.#parts.features(), apiVersion, body);
      return responseOf(apiKey, version, correlationId, answer);
    }
    if (!isServedByControllers(apiKey, apiVersion)) {
      const reason = `API key ${apiKey} version ${apiVersion} is not served on ${connection.listener}`;
      this.#parts.telemetry.log('warn', 'request refused', { ...connection, reason });
      return { kind: 'close', reason };
    }
    const context = contextOf(connection, header);
    const { router, connections } = this.#parts;
    connections?.heard(connection.id, { apiKey, apiVersion, body });
    const answer =
      apiKey === ENVELOPE_KEY
        ? await answerEnvelope(router, context, apiVersion, body)
        : await router.route({ apiKey, apiVersion, body, context });
    return responseOf(apiKey, apiVersion, correlationId, answer);
  }
}

function responseOf(apiKey: number, version: number, correlationId: number, body: Uint8Array): Reply {
  const writer = new ByteWriter();
  encodeResponseHeader(writer, { correlationId }, apiKey, version);
  return { kind: 'response', segments: [writer.finish(), body] };
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
