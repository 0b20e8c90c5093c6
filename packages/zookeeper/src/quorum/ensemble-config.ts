import type { NodeId, Peer } from '@biquorum/consensus';
import { DEFAULT_OPTIONS, type VerifierChoice, type ZabOptions } from '@biquorum/zab';
import { type EnsembleServer, formatEnsembleText } from '@biquorum/zookeeper-wire';

/** An ensemble as a configuration file describes it to one of its servers. */
export interface EnsembleConfig {
  /** `myid`. */
  readonly id: NodeId;
  /** The lines `server.N=…`, this server's own among them. */
  readonly servers: readonly EnsembleServer[];
  /** The lines `group.G=…`: ids of each group; none for majorities. */
  readonly groups?: readonly { readonly id: number; readonly members: readonly NodeId[] }[];
  /** The lines `weight.N=…`. */
  readonly weights?: Readonly<Record<NodeId, number>>;
  /** `tickTime`. */
  readonly tickMs: number;
  readonly initLimit: number;
  readonly syncLimit: number;
  /** `quorumListenOnAllIPs`. */
  readonly listenOnAllAddresses?: boolean;
  /** `zookeeper.cnxTimeout`. */
  readonly connectTimeoutMs?: number;
  /** Finer settings of the engine: notification intervals, synchronisation. */
  readonly engine?: Partial<ZabOptions>;
}

/** The ensemble as its servers tell it to each other, and as `/zookeeper/config` holds it. */
export function configText({ servers, groups = [], weights = {} }: EnsembleConfig): string {
  const voters = servers.filter(({ role }) => role === 'participant').map(({ id }) => id);
  const ordered = [...groups].sort((a, b) => a.id - b.id);
  // With groups Java writes the weights of all, those that nobody has set too.
  const weighed = groups.length === 0 ? [] : voters.sort((a, b) => a - b);
  const others = [
    ...ordered.map(({ id, members }) => `group.${id}=${members.join(':')}`),
    ...weighed.map((id) => `weight.${id}=${weights[id] ?? 1}`),
  ];
  return formatEnsembleText({ servers, version: 0n, others });
}

/** Members as the engine knows them: the voters, and with them the observers. */
export function peersOf({ servers }: EnsembleConfig): readonly Peer[] {
  return servers.map(({ id }) => ({ id, address: '' }));
}

/** The engine's settings for this ensemble. */
export function engineOptions(config: EnsembleConfig, pingData: () => Uint8Array): ZabOptions {
  const { servers, groups = [], weights = {}, tickMs, initLimit, syncLimit, engine } = config;
  const verifier: VerifierChoice =
    groups.length === 0
      ? { kind: 'majority' }
      : { kind: 'groups', groups: groups.map(({ members }) => members), weights };
  return {
    ...DEFAULT_OPTIONS,
    tickMs,
    initLimit,
    syncLimit,
    observers: servers.filter(({ role }) => role === 'observer').map(({ id }) => id),
    verifier,
    config: configText(config),
    ...engine,
    pingData,
  };
}
