import type { ConnectionIdentity, Reply } from '@biquorum/kafka-network';
import { decodeResponseHeader, errorCode, type Init, type MessageCodec, requestFrame } from '@biquorum/kafka-wire';
import { apiVersionsRequest, apiVersionsResponse } from '@biquorum/kafka-wire/messages/api-versions';
import { createTopicsRequest, createTopicsResponse } from '@biquorum/kafka-wire/messages/create-topics';
import { describeClusterRequest, describeClusterResponse } from '@biquorum/kafka-wire/messages/describe-cluster';
import { describeQuorumRequest, describeQuorumResponse } from '@biquorum/kafka-wire/messages/describe-quorum';
import { envelopeRequest, envelopeResponse } from '@biquorum/kafka-wire/messages/envelope';
import { metadataRequest } from '@biquorum/kafka-wire/messages/metadata';
import { encodePrincipal } from '@biquorum/kafka-wire/principal';
import type { NodeId } from '@biquorum/metadata';
import { noTelemetry } from '@biquorum/platform';
import { ByteReader } from '@biquorum/std';
import { describe, expect, it } from 'vitest';
import { withKraftVersion } from '../../src/server/api-versions.ts';
import { concatBytes } from '../../src/server/bytes.ts';
import { ControllerServer } from '../../src/server/controller-server.ts';
import { ControllerRouter, type RoutedRequest } from '../../src/server/router.ts';
import { APACHE_CONTROLLER_APIS } from './apache-3.9.2.ts';

// Answers and refusals are those that a controller of Apache 3.9.2 gave to the same bytes, unless said otherwise.
const CONNECTION: ConnectionIdentity = { id: 1, listener: 'CONTROLLER', remoteHost: '10.0.0.9', remotePort: 5 };
const ALICE = encodePrincipal({ type: 'User', name: 'alice', tokenAuthenticated: false });
const CREATE: Init<Parameters<typeof createTopicsRequest.toBytes>[0]> = {
  topics: [{ name: 'x', numPartitions: 1, replicationFactor: 1 }],
  timeoutMs: 1000,
};

/** A server whose controller notes what it is asked and creates every topic, or says that it is not active. */
function serve(topicError = 0) {
  const asked: RoutedRequest[] = [];
  const router = new ControllerRouter({
    quorum: {
      handle: ({ apiVersion }) => {
        const partition = { partitionIndex: 0, errorCode: errorCode('NOT_LEADER_OR_FOLLOWER') };
        const topics = [{ topicName: '__cluster_metadata', partitions: [partition] }];
        return Promise.resolve(describeQuorumResponse.toBytes({ topics }, apiVersion));
      },
    },
    controller: {
      handle: (request) => {
        asked.push(request);
        const topics = [{ name: 'x', errorCode: topicError }];
        return Promise.resolve(createTopicsResponse.toBytes({ topics }, request.apiVersion));
      },
    },
    view: () => ({
      clusterId: 'abcdefghijklmnopqrstuA',
      activeController: 1,
      controllers: [
        {
          id: 1 as NodeId,
          incarnationId: 'AAAAAAAAAAAAAAAAAAAAAA' as never,
          zkMigrationReady: false,
          features: new Map(),
          endpoints: [{ listener: 'CONTROLLER', host: 'localhost', port: 19_093, securityProtocol: 'PLAINTEXT' }],
        },
      ],
    }),
  });
  const finalized = { levels: new Map([['metadata.version', 21]]), epoch: 4 };
  const server = new ControllerServer({ router, features: () => ({ finalized }), telemetry: noTelemetry });
  return { asked, server };
}

function frameOf<Request>(codec: MessageCodec<Request>, version: number, body: Init<Request>): Uint8Array {
  const segments = requestFrame(codec, version, { correlationId: 5, clientId: 'inner' }, body);
  return concatBytes(segments as readonly Uint8Array[]).subarray(4);
}

async function ask<Request, Response>(
  server: ControllerServer,
  request: MessageCodec<Request>,
  response: MessageCodec<Response>,
  version: number,
  body: Init<Request>,
): Promise<Response | 'closed'> {
  return read(await server.serve(CONNECTION, frameOf(request, version, body)), response, version);
}

function read<Response>(reply: Reply, codec: MessageCodec<Response>, version: number): Response | 'closed' {
  if (reply.kind !== 'response') return 'closed';
  const reader = new ByteReader(concatBytes(reply.segments as readonly Uint8Array[]));
  decodeResponseHeader(reader, codec.table.apiKey ?? -1, version);
  return codec.decode(reader, version);
}

const SOFTWARE = { clientSoftwareName: 'test', clientSoftwareVersion: '1' };

describe('ApiVersions on a controller', () => {
  it('lists what Apache lists, but for what is not served', async () => {
    const answer = await ask(serve().server, apiVersionsRequest, apiVersionsResponse, 4, SOFTWARE);
    expect(answer).toMatchObject({
      errorCode: 0,
      apiKeys: APACHE_CONTROLLER_APIS.map(([apiKey, minVersion, maxVersion]) => ({ apiKey, minVersion, maxVersion })),
      supportedFeatures: [
        { name: 'kraft.version', minVersion: 0, maxVersion: 1 },
        { name: 'metadata.version', minVersion: 1, maxVersion: 21 },
      ],
      finalizedFeaturesEpoch: 4,
      finalizedFeatures: [{ name: 'metadata.version', maxVersionLevel: 21, minVersionLevel: 21 }],
    });
  });

  it('hides features that begin at 0 from clients that cannot read them', async () => {
    const answer = await ask(serve().server, apiVersionsRequest, apiVersionsResponse, 3, SOFTWARE);
    expect(answer !== 'closed' && answer.supportedFeatures.map(({ name }) => name)).toEqual(['metadata.version']);
  });

  it('answers a version that nobody knows in version 0, with its own range', async () => {
    const frame = frameOf(apiVersionsRequest, 4, SOFTWARE);
    new DataView(frame.buffer, frame.byteOffset).setInt16(2, 60);
    const answer = read(await serve().server.serve(CONNECTION, frame), apiVersionsResponse, 0);
    expect(answer).toMatchObject({ errorCode: 35, apiKeys: [{ apiKey: 18, minVersion: 0, maxVersion: 4 }] });
  });
});

it('tells the version of the quorum’s protocol where it is not 0', () => {
  // Apache 3.9.2 lists kraft.version 1 on a dynamic quorum, and leaves it out on a static one.
  const levels = new Map([['metadata.version', 21]]);
  expect([...withKraftVersion(levels, 0).keys()]).toEqual(['metadata.version']);
  expect(withKraftVersion(levels, 1).get('kraft.version')).toBe(1);
});

describe('DescribeCluster on a controller', () => {
  it('tells the controllers and who of them is active', async () => {
    const answer = await ask(serve().server, describeClusterRequest, describeClusterResponse, 1, { endpointType: 2 });
    expect(answer).toMatchObject({
      errorCode: 0,
      endpointType: 2,
      clusterId: 'abcdefghijklmnopqrstuA',
      controllerId: 1,
      brokers: [{ brokerId: 1, host: 'localhost', port: 19_093, rack: null }],
      clusterAuthorizedOperations: -2_147_483_648,
    });
  });

  it.each([
    [0, {}, 42, 'The request was sent to an endpoint of type CONTROLLER, but we wanted an endpoint of type BROKER'],
    [
      1,
      { endpointType: 1 },
      114,
      'The request was sent to an endpoint of type CONTROLLER, but we wanted an endpoint of type BROKER',
    ],
    [1, { endpointType: 7 }, 115, 'Unsupported endpoint type 7'],
  ])('refuses other endpoints in version %i with %j', async (version, body, code, message) => {
    const answer = await ask(serve().server, describeClusterRequest, describeClusterResponse, version, body);
    expect(answer).toMatchObject({
      errorCode: code,
      errorMessage: message,
      endpointType: 1,
      clusterId: '',
      brokers: [],
    });
  });
});

describe('Envelope on a controller', () => {
  const wrap = (
    server: ControllerServer,
    requestData: Uint8Array,
    requestPrincipal: Uint8Array | null = ALICE,
    clientHostAddress: Uint8Array = Uint8Array.of(127, 0, 0, 1),
  ) => ask(server, envelopeRequest, envelopeResponse, 0, { requestData, requestPrincipal, clientHostAddress });

  it('serves what is inside as the client’s own, and wraps header and body of the response', async () => {
    const { server, asked } = serve();
    const answer = await wrap(server, frameOf(createTopicsRequest, 7, CREATE));
    expect(asked).toMatchObject([
      {
        apiKey: 19,
        apiVersion: 7,
        context: { principal: { type: 'User', name: 'alice' }, clientAddress: '127.0.0.1', clientId: 'inner' },
      },
    ]);
    if (answer === 'closed' || answer.responseData === null) throw new Error('no response');
    const reader = new ByteReader(answer.responseData);
    expect(decodeResponseHeader(reader, 19, 7).correlationId).toBe(5);
    expect(createTopicsResponse.decode(reader, 7).topics[0]).toMatchObject({ name: 'x', errorCode: 0 });
  });

  it('tells the broker, not the client, that another controller is active', async () => {
    const notController = serve(errorCode('NOT_CONTROLLER'));
    const answer = await wrap(notController.server, frameOf(createTopicsRequest, 7, CREATE));
    expect(answer).toMatchObject({ errorCode: 41, responseData: null });
    const quorum = { topics: [{ topicName: '__cluster_metadata', partitions: [{ partitionIndex: 0 }] }] };
    const described = await wrap(serve().server, frameOf(describeQuorumRequest, 1, quorum));
    expect(described).toMatchObject({ errorCode: 41, responseData: null });
  });

  it('refuses, by name, what it cannot unwrap', async () => {
    const { server, asked } = serve();
    const create = frameOf(createTopicsRequest, 7, CREATE);
    const changed = (apiKey: number, version: number): Uint8Array => {
      const frame = create.slice();
      const view = new DataView(frame.buffer);
      view.setInt16(0, apiKey);
      view.setInt16(2, version);
      return frame;
    };
    const refusals = [
      await wrap(server, create, Uint8Array.of(0, 9, 1)),
      await wrap(server, create, null),
      await wrap(server, create, ALICE, Uint8Array.of(1, 2, 3)),
      await wrap(server, frameOf(metadataRequest, 9, { topics: null })),
      await wrap(server, frameOf(apiVersionsRequest, 3, SOFTWARE)),
      await wrap(server, changed(19, 99)),
      await wrap(server, changed(999, 0)),
    ];
    expect(refusals.map((answer) => (answer === 'closed' ? answer : answer.errorCode))).toEqual([
      97, 97, 42, 42, 42, 35, 35,
    ]);
    expect(asked).toEqual([]);
  });
});

it('closes the connection of who asks for what controllers do not serve', async () => {
  const { server } = serve();
  expect((await server.serve(CONNECTION, frameOf(metadataRequest, 9, { topics: null }))).kind).toBe('close');
  expect((await server.serve(CONNECTION, Uint8Array.of(0, 18, 0))).kind).toBe('close');
});
