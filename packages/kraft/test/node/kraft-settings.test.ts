import { KraftSettingsError, readKraftSettings } from '@biquorum/kraft';
import { describe, expect, it } from 'vitest';

const COMBINED = {
  'process.roles': 'broker,controller',
  'node.id': '1',
  'controller.quorum.voters': '1@localhost:9093,2@other.example:9093',
  listeners: 'PLAINTEXT://localhost:9092,CONTROLLER://localhost:9093',
  'controller.listener.names': 'CONTROLLER',
  'listener.security.protocol.map': 'CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT',
  'log.dirs': '/one,/two',
};
const CONTROLLER = { ...COMBINED, 'process.roles': 'controller', listeners: 'CONTROLLER://localhost:9093' };
const BROKER = { ...COMBINED, 'process.roles': 'broker', 'node.id': '7', listeners: 'PLAINTEXT://localhost:9092' };

const read = (properties: Record<string, string>) => readKraftSettings(new Map(Object.entries(properties)));

describe('the properties of a node', () => {
  it('are read by Kafka’s keys', () => {
    const settings = read(COMBINED);
    expect(settings).toMatchObject({
      nodeId: 1,
      controllerListenerNames: ['CONTROLLER'],
      voters: [
        { id: 1, host: 'localhost', port: 9093 },
        { id: 2, host: 'other.example', port: 9093 },
      ],
      logDirectories: ['/one', '/two'],
      metadataDirectory: '/one',
      heartbeatIntervalMs: 2_000,
      sessionTimeoutMs: 9_000,
    });
    expect([...settings.roles]).toEqual(['broker', 'controller']);
    expect(settings.controllerListeners).toEqual([
      { listener: 'CONTROLLER', host: 'localhost', port: 9093, securityProtocol: 'PLAINTEXT' },
    ]);
    expect(read({ ...COMBINED, 'metadata.log.dir': '/meta' }).metadataDirectory).toBe('/meta');
    expect(read(BROKER).controllerListeners).toEqual([]);
  });

  it('tell others another address where advertised.listeners names the controllers’ listener', () => {
    const advertised = 'PLAINTEXT://public:9092,CONTROLLER://private:19093';
    expect(read({ ...COMBINED, 'advertised.listeners': advertised }).advertisedControllerListeners).toMatchObject([
      { listener: 'CONTROLLER', host: 'private', port: 19_093 },
    ]);
  });

  it('refuse to tell others an address of no host', () => {
    const listeners = 'PLAINTEXT://:9092,CONTROLLER://0.0.0.0:9093';
    expect(() => read({ ...COMBINED, listeners })).toThrow(/^advertised\.listeners=.*0\.0\.0\.0/);
    const advertised = { 'advertised.listeners': 'PLAINTEXT://public:9092,CONTROLLER://private:9093' };
    expect(read({ ...COMBINED, listeners, ...advertised }).controllerListeners).toMatchObject([{ host: '0.0.0.0' }]);
  });

  it('allow small segments of the metadata log where their least size is lowered too', () => {
    const small = { 'metadata.log.segment.bytes': '1000', 'metadata.log.segment.min.bytes': '1000' };
    expect(read({ ...COMBINED, ...small }).nodeId).toBe(1);
  });

  it('name bootstrap servers where the quorum is dynamic', () => {
    const { 'controller.quorum.voters': _, ...rest } = COMBINED;
    const settings = read({ ...rest, 'controller.quorum.bootstrap.servers': 'a:1,[::1]:2' });
    expect(settings.voters).toEqual([]);
    expect(settings.bootstrapServers).toEqual([
      { host: 'a', port: 1 },
      { host: '::1', port: 2 },
    ]);
  });

  // The sentences are those of KafkaConfig in 3.9.
  it.each<[string, Record<string, string>, string]>([
    [
      'segments of the metadata log below the least size',
      { ...COMBINED, 'metadata.log.segment.bytes': '1048576' },
      'Cannot set metadata.log.segment.bytes below 8388608',
    ],
    ['a role that there is not', { ...COMBINED, 'process.roles': 'king' }, "Unknown process role 'king'"],
    ['a role twice', { ...COMBINED, 'process.roles': 'broker,broker' }, 'Duplicate role names found'],
    ['no id', { ...COMBINED, 'node.id': '' }, 'Missing configuration `node.id` which is required'],
    [
      'neither voters nor bootstrap servers',
      { ...COMBINED, 'controller.quorum.voters': '' },
      'either controller.quorum.bootstrap.servers must contain the set of bootstrap controllers',
    ],
    [
      'a broker among the voters',
      { ...BROKER, 'node.id': '1' },
      "If process.roles contains just the 'broker' role, the node id 1 must not be included in the set of voters",
    ],
    [
      'a controller outside of the voters',
      { ...CONTROLLER, 'node.id': '9' },
      "If process.roles contains the 'controller' role, the node id 9 must be included in the set of voters",
    ],
    [
      'a broker with a controllers’ listener',
      { ...BROKER, listeners: COMBINED.listeners },
      "must not contain a value appearing in the 'listeners' configuration when running KRaft with just the broker role",
    ],
    [
      'a broker that knows no controllers’ listener',
      { ...BROKER, 'controller.listener.names': '' },
      'must contain at least one value when running KRaft with just the broker role',
    ],
    [
      'a controller with a broker’s listener',
      { ...CONTROLLER, listeners: COMBINED.listeners },
      'The listeners config must only contain KRaft controller listeners from controller.listener.names when process.roles=controller',
    ],
    [
      'a controllers’ listener that is not bound',
      { ...COMBINED, 'controller.listener.names': 'CONTROLLER,OTHER' },
      "must only contain values appearing in the 'listeners' configuration when running the KRaft controller role",
    ],
    ['a voter without an id', { ...COMBINED, 'controller.quorum.voters': 'localhost:9093' }, 'write id@host:port'],
  ])('refuse %s', (_, properties, sentence) => {
    expect(() => read(properties)).toThrow(KraftSettingsError);
    expect(() => read(properties)).toThrow(sentence);
  });
});
