import { ListenerServer } from '@biquorum/kafka-network';
import { decodeRequestHeader, encodeResponseHeader, uuidFromBytes } from '@biquorum/kafka-wire';
import { apiVersionsResponse } from '@biquorum/kafka-wire/messages/api-versions';
import type { Ports } from '@biquorum/platform';
import { ByteReader, ByteWriter } from '@biquorum/std';
import { MetadataQuorum } from '../../../src/quorum/metadata-quorum.ts';
import type { MetadataQuorumOptions } from '../../../src/quorum/options.ts';
import type { RecordingFollower } from './recording-follower.ts';

export const LISTENER = 'CONTROLLER';
export const CLUSTER_ID = 'quorumquorumquorumquog';

/** A node of the quorum as a process runs it: the quorum, and a listener before it. */
export class QuorumHost {
  readonly quorum: MetadataQuorum;
  readonly follower: RecordingFollower;
  readonly #server: ListenerServer;

  private constructor(quorum: MetadataQuorum, follower: RecordingFollower, server: ListenerServer) {
    this.quorum = quorum;
    this.follower = follower;
    this.#server = server;
  }

  static async start(
    ports: Ports,
    follower: RecordingFollower,
    options: Omit<
      MetadataQuorumOptions,
      'ports' | 'follower' | 'clusterId' | 'listenerName' | 'directory' | 'onFailure'
    >,
    onFailure: (error: unknown) => void,
  ): Promise<QuorumHost> {
    let quorum: MetadataQuorum | null = null;
    const limits = {
      requestBytesMax: 16 * 1024 * 1024,
      requestsInFlightMax: 16,
      responseBytesMax: 16 * 1024 * 1024,
      idleMsMax: 600_000,
      connectionsMax: 1000,
      connectionsPerHostMax: 1000,
    };
    const server = new ListenerServer(ports, limits, {
      serve: async (_, frame) => {
        const reader = new ByteReader(frame);
        const { requestApiKey: apiKey, requestApiVersion: apiVersion, correlationId } = decodeRequestHeader(reader);
        const body = frame.subarray(reader.offset);
        try {
          const answer =
            apiKey === 18
              ? apiVersionsResponse.toBytes(
                  { supportedFeatures: [{ name: 'kraft.version', minVersion: 0, maxVersion: 1 }] },
                  apiVersion,
                )
              : await (quorum as MetadataQuorum).handle({ apiKey, apiVersion, body });
          const header = new ByteWriter();
          encodeResponseHeader(header, { correlationId }, apiKey, apiVersion);
          return { kind: 'response', segments: [header.finish(), answer] };
        } catch (error) {
          return { kind: 'close', reason: String(error) };
        }
      },
      forget: () => {},
    });
    for (const { name, host, port } of options.listeners)
      await server.bind({ listener: name, host, port, backlog: 100 });
    quorum = await MetadataQuorum.open({
      ...options,
      ports,
      follower,
      clusterId: CLUSTER_ID,
      directory: '/data',
      listenerName: LISTENER,
      onFailure,
    });
    server.open();
    return new QuorumHost(quorum, follower, server);
  }

  async stop(): Promise<void> {
    await this.quorum.close();
    await this.#server.close(1000);
  }
}

/** A directory id that depends on a number alone. */
export function directoryId(id: number): string {
  return uuidFromBytes(new Uint8Array(16).fill(id + 65));
}
