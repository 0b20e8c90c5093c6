/** By which times the dead are noticed. */
export type PresetName = 'kafka' | 'equal';

/** Settings that decide how soon a node is taken for dead. */
export interface Preset {
  readonly name: PresetName;
  readonly summary: string;
  /** Kafka's keys; those of the other mode have no effect. */
  readonly properties: Readonly<Record<string, string>>;
}

/** Every preset by its name. */
export const presets: Readonly<Record<PresetName, Preset>> = {
  kafka: {
    name: 'kafka',
    summary:
      'Kafka’s defaults: a session of 18 s in ZooKeeper mode; a session of 9 s for brokers, and 2 s without a fetch for controllers, in KRaft mode',
    properties: {
      'zookeeper.session.timeout.ms': '18000',
      'broker.session.timeout.ms': '9000',
      'broker.heartbeat.interval.ms': '2000',
      'controller.quorum.fetch.timeout.ms': '2000',
      'controller.quorum.election.timeout.ms': '1000',
    },
  },
  equal: {
    name: 'equal',
    summary: 'whoever is silent for 3 s is taken for dead, brokers and controllers, in both modes',
    properties: {
      'zookeeper.session.timeout.ms': '3000',
      'broker.session.timeout.ms': '3000',
      // A client of ZooKeeper pings in every third part of its session.
      'broker.heartbeat.interval.ms': '1000',
      'controller.quorum.fetch.timeout.ms': '3000',
      'controller.quorum.election.timeout.ms': '1000',
    },
  },
};
