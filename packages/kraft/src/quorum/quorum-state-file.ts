import { ZERO_UUID } from '@biquorum/kafka-wire';
import type { QuorumRecord } from '@biquorum/raft';

/** Name of the file in the directory of the metadata log. */
export const QUORUM_STATE_FILE = 'quorum-state';

/** A `quorum-state` file that cannot be read. */
export class QuorumStateError extends Error {
  override readonly name: string = 'QuorumStateError';
}

/**
 * The bytes of `quorum-state` while voters are static (kraft.version 0).
 *
 * Source: Java `FileQuorumStateStore`, `QuorumStateData` version 0: one line of JSON without an end of line.
 */
export function formatQuorumStateV0(record: QuorumRecord, voters: readonly number[]): Uint8Array {
  const { leader, epoch, voted } = record;
  return utf8({
    clusterId: '',
    leaderId: leader,
    leaderEpoch: epoch,
    votedId: voted,
    appliedOffset: 0,
    currentVoters: voters.map((voterId) => ({ voterId })),
    data_version: 0,
  });
}

/** As {@link formatQuorumStateV0}, where voters stand in the log (kraft.version 1). */
export function formatQuorumStateV1({ leader, epoch, voted, votedDirectory }: QuorumRecord): Uint8Array {
  return utf8({
    leaderId: leader,
    leaderEpoch: epoch,
    votedId: voted,
    votedDirectoryId: votedDirectory === '' ? ZERO_UUID : votedDirectory,
    data_version: 1,
  });
}

/** Reads either version. @throws QuorumStateError naming the file and what is wrong. */
export function parseQuorumState(path: string, bytes: Uint8Array): QuorumRecord {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    throw new QuorumStateError(`${path} is no JSON; restore it, or format the directory anew`, { cause: error });
  }
  const fields = (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>;
  const { data_version: version, leaderId, leaderEpoch, votedId, votedDirectoryId } = fields;
  if (version !== 0 && version !== 1) {
    throw new QuorumStateError(`${path} has data_version ${String(version)}; this release reads 0 and 1`);
  }
  const whole = (name: string, field: unknown): number => {
    if (Number.isInteger(field)) return field as number;
    throw new QuorumStateError(`${path} has ${name} ${String(field)}; it must be a whole number`);
  };
  const directory = version === 1 && typeof votedDirectoryId === 'string' ? votedDirectoryId : ZERO_UUID;
  return {
    leader: whole('leaderId', leaderId),
    epoch: whole('leaderEpoch', leaderEpoch),
    voted: whole('votedId', votedId),
    votedDirectory: directory === ZERO_UUID ? '' : directory,
  };
}

function utf8(value: unknown): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(value));
}
