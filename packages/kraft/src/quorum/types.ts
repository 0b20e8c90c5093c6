import type { MetadataJournal } from '../journal.ts';
import type { QuorumRequest, QuorumStatus } from './options.ts';

/** A node's part in the metadata quorum, running. `MetadataQuorum.open` makes one. */
export interface Quorum extends MetadataJournal {
  /**
   * Serves Fetch 1, Vote 52, BeginQuorumEpoch 53, EndQuorumEpoch 54, DescribeQuorum 55, FetchSnapshot 59,
   * AddRaftVoter 80, RemoveRaftVoter 81 and UpdateRaftVoter 82. Resolves with the body of the response.
   *
   * @throws ProtocolError (as a rejection) when the body cannot be read: the connection is to be closed.
   */
  handle(request: QuorumRequest): Promise<Uint8Array>;
  status(): QuorumStatus;
  /** Calls back after each change of leader or epoch; the returned function ends that. */
  onLeaderChange(listener: (status: QuorumStatus) => void): () => void;
  /** Gives leadership up, if this node has it. */
  resign(): void;
  /** Gives leadership up, waits a moment for a successor, and closes all files. Idempotent. */
  close(): Promise<void>;
}
