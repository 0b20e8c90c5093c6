import type { ZabView } from '@biquorum/zab';
import type { Server } from '../server/server.ts';
import type { SizeStats } from '../server/server-stats.ts';
import type { SessionTracker } from '../tree/session-tracker.ts';

/** What a server is at the moment, in Java's words. */
export type ServerMode = 'standalone' | 'leader' | 'follower' | 'observer' | 'read-only';

/** Sizes of a server's directories, in bytes. */
export interface DirectorySizes {
  readonly dataBytes: number;
  readonly logBytes: number;
}

/**
 * What stands behind the port of clients: a server alone or a member of an ensemble. What it offers to operators is the
 * same for both.
 */
export interface ServingCore {
  readonly server: Server;
  /** Null while it does not serve, as without a quorum. */
  readonly mode: ServerMode | null;
  /** Sessions that this server lets expire; null where another does. */
  readonly sessions: SessionTracker | null;
  /** How many sessions there are in all. */
  readonly sessionCount: number;
  /** All of them with their timeouts in milliseconds, in no order. */
  sessionTimeouts(): Iterable<readonly [sessionId: bigint, timeoutMs: number]>;
  /** Sizes of proposals; null on all but a leader. */
  readonly proposalBytes: SizeStats | null;
  /** How the member of an ensemble stands among the others; null of a server alone. */
  readonly view: ZabView | null;
  /** More lines of `mntr` for the role, such as `peer_state` or `synced_followers`. */
  roleLines(): readonly (readonly [name: string, value: string | number])[];
  /** More lines of `conf`; of an ensemble its limits, ports and members. */
  configurationLines(): readonly string[];
  directorySizes(): Promise<DirectorySizes>;
  /** Stops serving and closes its files. */
  stop(): Promise<void>;
}
