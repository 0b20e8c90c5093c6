import { errorByCode, errorName } from '@biquorum/kafka-wire';
import { CommandFault } from '../command.ts';

/** A node's answer that says no: what was asked, the error's name, the node's words, and what to do about it. */
export class KafkaError extends CommandFault {
  override readonly name: string = 'KafkaError';
  readonly errorCode: number;
  /** The name of the error in Kafka's table. */
  readonly code: string;

  /** @param what the thing that was asked for, such as `topic orders` */
  constructor(what: string, errorCode: number, detail?: string | null) {
    const code = errorName(errorCode);
    const words = detail || errorByCode(errorCode)?.message || 'an error that this version does not know.';
    const remedy = REMEDIES[code];
    super(`${what}: ${code}: ${words}${remedy === undefined ? '' : ` ${remedy}`}`);
    this.errorCode = errorCode;
    this.code = code;
  }

  /** Whether the same request may succeed later. */
  get retriable(): boolean {
    return errorByCode(this.errorCode)?.retriable ?? false;
  }
}

/** @throws KafkaError unless the code says that all went well */
export function check(what: string, errorCode: number, detail?: string | null): void {
  if (errorCode !== 0) throw new KafkaError(what, errorCode, detail);
}

/** What a person can do about an error, where that does not follow from its words. */
const REMEDIES: Readonly<Record<string, string>> = {
  UNKNOWN_TOPIC_OR_PARTITION: '"biquorum topics --list" shows the topics there are.',
  TOPIC_ALREADY_EXISTS: 'With --if-not-exists that is no error.',
  INVALID_REPLICATION_FACTOR:
    'Start more brokers, or give a smaller --replication-factor; in ZooKeeper mode brokers that are down do not count.',
  INVALID_PARTITIONS: 'Partitions can only be added: give a larger --partitions.',
  INVALID_CONFIG: 'docs/configuration.md lists all keys and their values.',
  NON_EMPTY_GROUP: 'Stop its consumers first; "--describe --members" shows them.',
  UNKNOWN_MEMBER_ID: 'The group has active members: stop its consumers first; "--describe --members" shows them.',
  GROUP_ID_NOT_FOUND: '"biquorum consumer-groups --list" shows the groups there are.',
  GROUP_SUBSCRIBED_TO_TOPIC: 'Stop the consumers that read it first.',
  INCONSISTENT_GROUP_PROTOCOL: 'Other members of the group assign partitions in other ways; choose another --group.',
  COORDINATOR_NOT_AVAILABLE: 'Its topic of offsets may lack live brokers: "biquorum topics --describe" shows it.',
  LEADER_NOT_AVAILABLE: 'The brokers of its replicas may be down: "biquorum topics --describe" shows them.',
  NOT_ENOUGH_REPLICAS: 'Start the brokers that are down, or lower min.insync.replicas of the topic.',
  TOPIC_DELETION_DISABLED: 'Set delete.topic.enable=true on the brokers.',
};
