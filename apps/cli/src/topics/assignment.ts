import { UsageError } from '../command.ts';
import { wholeNumber } from '../flags.ts';

const BROKER_ID_MAX = 0x7fff_ffff;

/**
 * Reads replicas of partitions: `1:2,2:3`, the replicas of a partition with colons, partition after partition.
 *
 * @throws UsageError when a broker comes twice in a partition, or partitions have different numbers of replicas
 */
export function readAssignment(text: string): readonly (readonly number[])[] {
  const partitions = text.split(',').map((part) => {
    const replicas = part
      .split(':')
      .map((id) => wholeNumber('--replica-assignment: broker', id.trim(), 0, BROKER_ID_MAX));
    const twice = replicas.find((id, index) => replicas.indexOf(id) !== index);
    if (twice !== undefined) {
      throw new UsageError(`--replica-assignment ${part}: broker ${twice} cannot hold two replicas of one partition.`);
    }
    return replicas;
  });
  const size = partitions[0]?.length ?? 0;
  const other = partitions.findIndex((replicas) => replicas.length !== size);
  if (other !== -1) {
    throw new UsageError(
      `--replica-assignment ${text}: partition ${other} has ${partitions[other]?.length} replicas and partition 0 ${size}; give each as many.`,
    );
  }
  return partitions;
}
