import { type JsonValue, readObject, toJsonBytes } from './json.ts';

/** What `/brokers/topics/T/partitions/N/state` says; the znode's version is the partition epoch. */
export interface PartitionStateZnode {
  /** −1 while nobody leads. */
  readonly leader: number;
  readonly leaderEpoch: number;
  readonly isr: readonly number[];
  /** The leader may have lost records and has not confirmed its state. */
  readonly recovering: boolean;
  /** Of the controller that wrote it. */
  readonly controllerEpoch: number;
}

/** Source: Java `TopicPartitionStateZNode.encode`. */
export function encodePartitionState(state: PartitionStateZnode): Uint8Array {
  const fields: readonly (readonly [string, JsonValue])[] = [
    ['controller_epoch', state.controllerEpoch],
    ['leader', state.leader],
    ['version', 1],
    ...(state.recovering ? ([['leader_recovery_state', 1]] as const) : []),
    ['leader_epoch', state.leaderEpoch],
    ['isr', state.isr],
  ];
  return toJsonBytes(new Map(fields));
}

/** @throws ZnodeError */
export function decodePartitionState(data: Uint8Array | null): PartitionStateZnode {
  const reader = readObject('partition state', data);
  return {
    leader: reader.int('leader'),
    leaderEpoch: reader.int('leader_epoch'),
    isr: reader.ints('isr'),
    recovering: reader.has('leader_recovery_state') && reader.int('leader_recovery_state') === 1,
    controllerEpoch: reader.int('controller_epoch'),
  };
}
