/** Versions of the requests with which a controller governs. */
export interface PushVersions {
  readonly leaderAndIsr: number;
  readonly updateMetadata: number;
  readonly stopReplica: number;
  /** Does the state of a partition tell that its leader may lack records (KIP-704). */
  readonly tellsRecovery: boolean;
}

/**
 * Nothing is negotiated between controller and brokers: the protocol version says what is sent.
 *
 * Source: Java `AbstractControllerBrokerRequestBatch`.
 *
 * @param protocolVersion `inter.broker.protocol.version`, 3.0 or later
 */
export function pushVersionsOf(protocolVersion: string): PushVersions {
  const tellsRecovery = isAtLeast(protocolVersion, 3, 2, 0);
  if (isAtLeast(protocolVersion, 3, 4, 0)) return { leaderAndIsr: 7, updateMetadata: 8, stopReplica: 4, tellsRecovery };
  return { leaderAndIsr: tellsRecovery ? 6 : 5, updateMetadata: 7, stopReplica: 3, tellsRecovery };
}

/** Without `-IV`, a version means the last of its release; `3.0` and later have theirs from `IV0` on. */
function isAtLeast(version: string, major: number, minor: number, internal: number): boolean {
  const parts = /^(\d+)\.(\d+)(?:-IV(\d+))?/.exec(version);
  const [, ownMajor = '0', ownMinor = '0', ownInternal] = parts ?? [];
  const own = [Number(ownMajor), Number(ownMinor), ownInternal === undefined ? Infinity : Number(ownInternal)];
  for (const [position, wanted] of [major, minor, internal].entries()) {
    const here = own[position] as number;
    if (here !== wanted) return here > wanted;
  }
  return true;
}
