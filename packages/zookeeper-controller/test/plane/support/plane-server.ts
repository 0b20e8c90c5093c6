import type { ControlPlane, RequestContext } from '@biquorum/control-plane';
import { type ConnectionIdentity, ListenerServer, type Reply, type RequestService } from '@biquorum/kafka-network';
import { decodeRequestHeader, encodeResponseHeader } from '@biquorum/kafka-wire';
import { apiVersionsResponse } from '@biquorum/kafka-wire/messages/api-versions';
import type { Ports } from '@biquorum/platform';
import { ByteReader, ByteWriter } from '@biquorum/std';

const API_VERSIONS = 18;

/** A broker's listener that serves what its plane serves, and ApiVersions. */
export class PlaneServer implements RequestService {
  readonly #plane: ControlPlane;
  readonly #server: ListenerServer;

  constructor(plane: ControlPlane, ports: Ports) {
    this.#plane = plane;
    const limits = {
      requestBytesMax: 1 << 20,
      requestsInFlightMax: 10,
      responseBytesMax: 1 << 20,
      idleMsMax: 600_000,
      connectionsMax: 1_000,
      connectionsPerHostMax: 1_000,
      connectionsPerListenerMax: new Map(),
      connectionsPerHostOverrides: new Map(),
    };
    this.#server = new ListenerServer(ports, limits as ConstructorParameters<typeof ListenerServer>[1], this);
  }

  async open(host: string, port: number): Promise<void> {
    await this.#server.bind({ listener: 'PLAINTEXT', host, port, backlog: 50 });
    this.#server.open();
  }

  close(): Promise<void> {
    return this.#server.close(100);
  }

  async serve(connection: ConnectionIdentity, frame: Uint8Array): Promise<Reply> {
    const reader = new ByteReader(frame);
    const {
      requestApiKey: apiKey,
      requestApiVersion: apiVersion,
      correlationId,
      clientId,
    } = decodeRequestHeader(reader);
    const answer = (body: Uint8Array): Reply => {
      const header = new ByteWriter();
      encodeResponseHeader(header, { correlationId }, apiKey, apiVersion);
      return { kind: 'response', segments: [header.finish(), body] };
    };
    if (apiKey === API_VERSIONS) {
      const { apis } = this.#plane.advertise('PLAINTEXT', [{ apiKey, min: 0, max: 4 }]);
      const apiKeys = apis.map(({ apiKey: key, min, max }) => ({ apiKey: key, minVersion: min, maxVersion: max }));
      return answer(apiVersionsResponse.toBytes({ apiKeys }, apiVersion));
    }
    const context: RequestContext = {
      listener: connection.listener,
      securityProtocol: 'PLAINTEXT',
      principal: { type: 'User', name: 'ANONYMOUS' },
      clientAddress: connection.remoteHost,
      clientId,
    };
    const request = { context, apiKey, apiVersion, correlationId, frame, bodyOffset: reader.offset };
    const reply = await this.#plane.handle(request);
    return reply.kind === 'close' ? reply : answer(reply.body);
  }

  forget(): void {}
}
