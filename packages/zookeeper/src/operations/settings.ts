import { type EnsembleServer, EnsembleTextError, parseEnsembleServer } from '@biquorum/zookeeper-wire';
import type { ConnectionThrottleOptions } from '../server/connection-throttle.ts';
import type { ContainerCleanerOptions } from '../server/container-cleaner.ts';
import type { RequestThrottleOptions } from '../server/request-throttle.ts';
import type { SnapshotCompression } from '../storage/file-names.ts';
import { type AuthSchemes, defaultSchemes } from '../tree/access.ts';
import { SettingsError, SettingValues } from './setting-values.ts';

/** How a server's files are written. Names are those of the properties. */
export interface StorageSettings {
  readonly preAllocKiB: number;
  readonly snapCount: number;
  readonly snapSizeLimitKiB: number;
  readonly txnLogSizeLimitKiB: number;
  readonly commitLogCount: number;
  readonly snapshotSizeFactor: number;
  readonly forceSync: boolean;
  readonly fsyncWarningThresholdMs: number;
  readonly compression: SnapshotCompression;
  readonly trustEmptySnapshot: boolean;
  readonly dbAutocreate: boolean;
  readonly datadirAutocreate: boolean;
  readonly snapRetainCount: number;
  /** 0 for never. */
  readonly purgeIntervalHours: number;
}

/** How servers find each other. Names are those of the keys. */
export interface EnsembleSettings {
  readonly servers: readonly EnsembleServer[];
  readonly initLimit: number;
  readonly syncLimit: number;
  readonly quorumListenOnAllIPs: boolean;
  readonly leaderServes: boolean;
  /** `group.N`: groups of servers for hierarchical quorums; none for majorities. */
  readonly groups: readonly { readonly id: number; readonly members: readonly number[] }[];
  /** `weight.N`, by server. */
  readonly weights: Readonly<Record<number, number>>;
  readonly cnxTimeoutMs: number;
  readonly minNotificationIntervalMs: number;
  readonly maxNotificationIntervalMs: number;
}

/** All that a server is told by `zoo.cfg`, system properties and `myid`. */
export interface ZooKeeperSettings {
  readonly dataDir: string;
  readonly dataLogDir: string;
  /** `myid`; 1 for a server alone. */
  readonly serverId: number;
  /** Null when clients have no port. */
  readonly clientPort: number | null;
  readonly clientHost: string;
  readonly listenBacklog: number;
  readonly tickMs: number;
  readonly minSessionTimeoutMs: number;
  readonly maxSessionTimeoutMs: number;
  readonly maxClientCnxns: number;
  readonly maxCnxns: number;
  readonly sessionlessTimeoutMs: number;
  readonly frameBytesMax: number;
  readonly txnBytesMax: number;
  readonly outstandingMax: number;
  readonly largeRequestThreshold: number;
  readonly largeRequestBytesMax: number;
  readonly connectionThrottle: ConnectionThrottleOptions;
  readonly requestThrottle: RequestThrottleOptions;
  readonly containers: ContainerCleanerOptions;
  readonly schemes: AuthSchemes;
  readonly superDigest: string | undefined;
  readonly skipAcl: boolean;
  readonly enforceQuota: boolean;
  readonly extendedTypes: boolean;
  readonly emulate353TtlNodes: boolean;
  /** Words that are answered; `*` among them for all. */
  readonly wordsAllowed: ReadonlySet<string>;
  /** Where `/metrics` is; null for nowhere. */
  readonly metrics: { readonly host: string; readonly port: number } | null;
  readonly storage: StorageSettings;
  /** Null for a server alone. */
  readonly ensemble: EnsembleSettings | null;
  /** What is worth saying at the start: settings without effect, names that nobody knows. */
  readonly remarks: readonly string[];
}

const PROMETHEUS = 'org.apache.zookeeper.metrics.prometheus.PrometheusMetricsProvider';
const DEFAULT_METRICS = 'org.apache.zookeeper.metrics.impl.DefaultMetricsProvider';
const SNAPSHOTS_KEPT_MIN = 3;
const EXTENDED_SERVER_ID_MAX = 254;
const EXTRA_BYTES_MIN = 1_024;

/**
 * Understands a server's configuration as Java's parser does.
 *
 * @param config the entries of `zoo.cfg`
 * @param properties system properties of the command line, with the prefix `zookeeper.` where they have it
 * @param myid the first line of the file `myid`; null without one
 * @throws SettingsError naming the setting, its value and the remedy
 */
export function readZooKeeperSettings(
  config: ReadonlyMap<string, string>,
  properties: ReadonlyMap<string, string> = new Map(),
  myid: string | null = null,
): ZooKeeperSettings {
  const values = new SettingValues(config, properties);
  const dataDir = values.text('dataDir');
  if (dataDir === '') throw new SettingsError('dataDir is not set; name the directory of the data');
  const ensemble = readEnsemble(values);
  const serverId = readServerId(myid, ensemble);
  const extendedTypes = values.boolean('extendedTypesEnabled');
  if (extendedTypes && serverId > EXTENDED_SERVER_ID_MAX)
    throw new SettingsError(`myid ${serverId} does not go with extendedTypesEnabled; it must be 254 or less`);
  const frameBytesMax = values.whole('jute.maxbuffer', 0);
  const extraBytes = values.isSet('jute.maxbuffer.extrasize')
    ? values.whole('jute.maxbuffer.extrasize')
    : frameBytesMax;
  return {
    dataDir,
    dataLogDir: values.text('dataLogDir') || dataDir,
    serverId,
    ...readClientAddress(values, ensemble, serverId),
    listenBacklog: values.whole('clientPortListenBacklog'),
    ...readTimes(values),
    maxClientCnxns: values.whole('maxClientCnxns', 0),
    maxCnxns: values.whole('maxCnxns', 0),
    sessionlessTimeoutMs: values.whole('nio.sessionlessCnxnTimeout', 1),
    frameBytesMax,
    txnBytesMax: frameBytesMax + Math.max(extraBytes, EXTRA_BYTES_MIN),
    outstandingMax: outstandingMaxOf(values, ensemble),
    largeRequestThreshold: values.whole('largeRequestThreshold'),
    largeRequestBytesMax: values.whole('largeRequestMaxBytes', 1),
    connectionThrottle: readConnectionThrottle(values),
    requestThrottle: {
      requestsMax: values.whole('request_throttle_max_requests', 0),
      dropStale: values.boolean('request_throttle_drop_stale'),
      staleLatencyCheck: values.boolean('request_stale_latency_check'),
      throttledOpWaitMs: values.whole('throttled_op_wait_time', 0),
    },
    containers: {
      checkIntervalMs: values.whole('znode.container.checkIntervalMs', 1),
      maxPerMinute: values.whole('znode.container.maxPerMinute', 1),
      maxNeverUsedIntervalMs: values.whole('znode.container.maxNeverUsedIntervalMs', 0),
    },
    schemes: values.boolean('DigestAuthenticationProvider.enabled') ? defaultSchemes : withoutDigest(),
    superDigest: values.text('DigestAuthenticationProvider.superDigest') || undefined,
    skipAcl: values.text('skipACL') === 'yes',
    enforceQuota: values.boolean('enforceQuota'),
    extendedTypes,
    emulate353TtlNodes: values.boolean('emulate353TTLNodes'),
    wordsAllowed: new Set(
      values
        .text('4lw.commands.whitelist')
        .split(',')
        .map((word) => word.trim()),
    ),
    metrics: readMetrics(values),
    storage: readStorage(values),
    ensemble: ensemble?.alone ? null : (ensemble?.settings ?? null),
    remarks: values.remarks(),
  };
}

/** How a server alone is told apart: the lines are there, and yet it needs no others. */
interface Lines {
  readonly settings: EnsembleSettings;
  readonly alone: boolean;
}

function readEnsemble(values: SettingValues): Lines | null {
  const servers: EnsembleServer[] = [];
  for (const [id, text] of values.entriesOf('server.')) {
    if (!/^\d{1,15}$/.test(id)) throw new SettingsError(`server.${id} is no server; a number must follow the dot`);
    try {
      servers.push(parseEnsembleServer(Number(id), text));
    } catch (error) {
      throw error instanceof EnsembleTextError ? new SettingsError(error.message) : error;
    }
  }
  const participants = servers.filter(({ role }) => role === 'participant');
  const standaloneEnabled = values.boolean('standaloneEnabled');
  if (participants.length === 0) {
    if (!standaloneEnabled)
      throw new SettingsError('standaloneEnabled is false, and no server participates; name some');
    if (servers.length > 0) throw new SettingsError('there are observers and nobody to observe; name participants');
    return null;
  }
  const alone = participants.length === 1 && standaloneEnabled;
  if (alone && servers.length > 1) throw new SettingsError('one participant is no quorum to observe; name more');
  for (const { id, addresses } of participants) {
    const noPort = addresses.some(({ electionPort }) => electionPort === 0);
    if (noPort && !alone)
      throw new SettingsError(`server.${id} has no election port; write server.${id}=host:port:port`);
  }
  const [initLimit, syncLimit] = [values.whole('initLimit', 0), values.whole('syncLimit', 0)];
  if (!alone && initLimit === 0) throw new SettingsError('initLimit is not set; an ensemble needs it');
  if (!alone && syncLimit === 0) throw new SettingsError('syncLimit is not set; an ensemble needs it');
  const settings = {
    servers,
    initLimit,
    syncLimit,
    quorumListenOnAllIPs: values.boolean('quorumListenOnAllIPs'),
    leaderServes: values.text('leaderServes') === 'yes',
    ...readGroups(values),
    cnxTimeoutMs: values.whole('cnxTimeout', 1),
    minNotificationIntervalMs: values.whole('fastleader.minNotificationInterval', 1),
    maxNotificationIntervalMs: values.whole('fastleader.maxNotificationInterval', 1),
  };
  return { settings, alone };
}

/** Whether each voter has its group is for the engine to see. */
function readGroups(values: SettingValues): Pick<EnsembleSettings, 'groups' | 'weights'> {
  const groups = [...values.entriesOf('group.')].map(([id, text]) => {
    if (!/^\d{1,15}$/.test(id) || !/^\s*\d{1,15}(\s*:\s*\d{1,15})*\s*$/.test(text))
      throw new SettingsError(`group.${id}=${text} must be group.N=id:id:…`);
    return { id: Number(id), members: text.split(':').map(Number) };
  });
  const weights: Record<number, number> = {};
  for (const [id, text] of values.entriesOf('weight.')) {
    if (!/^\d{1,15}$/.test(id) || !/^\s*\d{1,15}\s*$/.test(text))
      throw new SettingsError(`weight.${id}=${text} must be weight.N=number`);
    weights[Number(id)] = Number(text);
  }
  if (groups.length === 0 && Object.keys(weights).length > 0)
    throw new SettingsError('there are weights and no groups; name groups with group.N=id:id:…');
  return { groups, weights };
}

function readServerId(myid: string | null, lines: Lines | null): number {
  if (myid === null) {
    if (lines === null || lines.alone) return 1;
    throw new SettingsError('the file myid is missing in dataDir; write the number of the server into it');
  }
  if (!/^-?\d{1,15}$/.test(myid.trim())) throw new SettingsError(`myid "${myid}" is no number`);
  const id = Number(myid.trim());
  if (lines === null) return 1;
  if (!lines.alone && !lines.settings.servers.some((server) => server.id === id))
    throw new SettingsError(`myid is ${id}, and there is no server.${id}; name it among the servers, or correct myid`);
  return id;
}

/** The line of the server wins where it names a port of clients. */
function readClientAddress(
  values: SettingValues,
  lines: Lines | null,
  serverId: number,
): { readonly clientPort: number | null; readonly clientHost: string } {
  const own = lines?.settings.servers.find(({ id }) => id === serverId)?.client ?? null;
  const host = values.text('clientPortAddress') || '0.0.0.0';
  if (own !== null) {
    const at = own.lastIndexOf(':');
    const clientPort = Number(own.slice(at + 1));
    if (values.isSet('clientPort') && values.whole('clientPort', 0, 65_535) !== clientPort) {
      const said = `clientPort is ${values.text('clientPort')}, and server.${serverId} says ${clientPort}`;
      throw new SettingsError(`${said}; leave one of them out`);
    }
    return { clientPort, clientHost: own.slice(0, at).replace(/^\[|\]$/g, '') };
  }
  if (!values.isSet('clientPort')) {
    if (values.isSet('clientPortAddress'))
      throw new SettingsError('clientPortAddress is set and clientPort is not; set both');
    return { clientPort: null, clientHost: host };
  }
  return { clientPort: values.whole('clientPort', 0, 65_535), clientHost: host };
}

function readTimes(values: SettingValues): {
  readonly tickMs: number;
  readonly minSessionTimeoutMs: number;
  readonly maxSessionTimeoutMs: number;
} {
  const tickMs = values.whole('tickTime', 1);
  const [min, max] = [values.whole('minSessionTimeout', -1), values.whole('maxSessionTimeout', -1)];
  const minSessionTimeoutMs = min === -1 ? 2 * tickMs : min;
  const maxSessionTimeoutMs = max === -1 ? 20 * tickMs : max;
  if (minSessionTimeoutMs > maxSessionTimeoutMs)
    throw new SettingsError(
      `minSessionTimeout (${minSessionTimeoutMs} ms) must not be larger than maxSessionTimeout (${maxSessionTimeoutMs} ms)`,
    );
  return { tickMs, minSessionTimeoutMs, maxSessionTimeoutMs };
}

/** In an ensemble each server has its share, as Java's servers of a quorum have. */
function outstandingMaxOf(values: SettingValues, lines: Lines | null): number {
  const limit = values.whole('globalOutstandingLimit', 1);
  const others = (lines?.settings.servers.filter(({ role }) => role === 'participant').length ?? 1) - 1;
  return others > 1 ? Math.floor(limit / others) : limit;
}

function readConnectionThrottle(values: SettingValues): ConnectionThrottleOptions {
  const local = Math.max(1, values.whole('connection_throttle_local_session_weight'));
  const weight = (name: string): number => Math.max(local, values.whole(name));
  return {
    tokens: values.whole('connection_throttle_tokens', 0),
    fillTimeMs: values.whole('connection_throttle_fill_time', 1),
    fillCount: values.whole('connection_throttle_fill_count', 1),
    freezeTimeMs: values.whole('connection_throttle_freeze_time', -1),
    dropIncrease: values.double('connection_throttle_drop_increase'),
    dropDecrease: values.double('connection_throttle_drop_decrease'),
    decreaseRatio: values.double('connection_throttle_decrease_ratio'),
    weights: values.boolean('connection_throttle_weight_enabled')
      ? {
          global: weight('connection_throttle_global_session_weight'),
          renew: weight('connection_throttle_renew_session_weight'),
          local,
        }
      : null,
  };
}

function readMetrics(values: SettingValues): ZooKeeperSettings['metrics'] {
  const name = values.text('metricsProvider.className');
  if (name === DEFAULT_METRICS) return null;
  if (name !== PROMETHEUS)
    throw new SettingsError(
      `metricsProvider.className ${name} is not known; there are ${DEFAULT_METRICS} and ${PROMETHEUS}`,
    );
  return { host: values.text('metricsProvider.httpHost'), port: values.whole('metricsProvider.httpPort', 0, 65_535) };
}

function readStorage(values: SettingValues): StorageSettings {
  return {
    preAllocKiB: values.whole('preAllocSize', 1),
    snapCount: Math.max(2, values.whole('snapCount')),
    snapSizeLimitKiB: values.whole('snapSizeLimitInKb'),
    txnLogSizeLimitKiB: values.whole('txnLogSizeLimitInKb'),
    commitLogCount: Math.max(500, values.whole('commitLogCount')),
    snapshotSizeFactor: values.double('snapshotSizeFactor'),
    forceSync: values.text('forceSync') !== 'no',
    fsyncWarningThresholdMs: values.whole('fsync.warningthresholdms', 0),
    compression: readCompression(values.text('snapshot.compression.method')),
    trustEmptySnapshot: values.boolean('snapshot.trust.empty'),
    dbAutocreate: values.boolean('db.autocreate'),
    datadirAutocreate: values.boolean('datadir.autocreate'),
    snapRetainCount: Math.max(SNAPSHOTS_KEPT_MIN, values.whole('autopurge.snapRetainCount')),
    purgeIntervalHours: Math.max(0, values.whole('autopurge.purgeInterval')),
  };
}

function readCompression(method: string): SnapshotCompression {
  if (method === '') return 'none';
  if (method === 'gz' || method === 'snappy') return method;
  throw new SettingsError(`snapshot.compression.method=${method} is not known; write gz, snappy, or nothing`);
}

function withoutDigest(): AuthSchemes {
  return new Map([...defaultSchemes].filter(([name]) => name !== 'digest'));
}
