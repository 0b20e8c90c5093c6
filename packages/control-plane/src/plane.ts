import type { BrokerEpoch, ClusterView } from '@biquorum/metadata';
import type { Ports } from '@biquorum/platform';
import type { ApiAnnouncement, ApiRange } from './announcement.ts';
import type {
  DirectoryReport,
  IsrChange,
  IsrOutcome,
  Outcome,
  ProducerIdBlock,
  TopicError,
  TopicSpec,
} from './commands.ts';
import type { ConfigTable } from './configs/config-entry.ts';
import type { BrokerHost } from './host.ts';
import type { Registration } from './identity.ts';
import type { TopicIdPartition } from './replicas.ts';
import type { PlaneReply, PlaneRequest, RequestContext } from './requests.ts';

/**
 * One way of governing a cluster. `cluster` chooses it; a broker only ever sees the {@link ControlPlane} it creates.
 *
 * @typeParam Config what the module reads from a node's properties
 */
export interface ControlPlaneModule<Config> {
  /**
   * The settings that this plane reads, as rows of the broker's table: with what becomes of them under it. Planes' rows
   * that are not among them have no effect. Rows that the table does not have are checked, described and documented like
   * all others.
   */
  readonly configs: ConfigTable;
  /** Makes the plane of one broker. All outside contact goes through `ports`; nothing happens before `open()`. */
  create(config: Config, ports: Ports): ControlPlane;
}

/**
 * What governs a broker, as the broker sees it. Both modes honour every member in full; there is no `kind` to ask for
 * and nothing to cast to.
 *
 * Order of life: `open` (before logs are recovered), `enlist` (listeners are bound), `withdraw`, `close`. Losing the
 * registration stops nothing: only epochs fence a broker.
 */
export interface ControlPlane {
  /**
   * Connects, checks the cluster id, takes the broker id where the mode does so now, and loads what log recovery needs.
   * Retries until the deadline. Resolves with the first view; from then on the host may be called.
   *
   * @param deadlineMs on the monotonic clock of the ports
   * @throws PlaneError with the reason when the deadline passes or going on makes no sense
   */
  open(host: BrokerHost, deadlineMs: number): Promise<ClusterView>;

  /**
   * Makes the broker a live member: logs are recovered, listeners bound. Resolves when clients may be served. Called
   * again with changed endpoints to update them.
   *
   * @throws PlaneError when the id is taken, the registration is refused for good, or the plane is closed meanwhile
   */
  enlist(registration: Registration): Promise<void>;

  /**
   * Controlled shutdown: has every leadership that can move moved elsewhere. Resolves with the partitions that are still
   * led here; empty means done. Never throws: at the deadline it tells what is left.
   */
  withdraw(deadlineMs: number): Promise<readonly TopicIdPartition[]>;

  /**
   * Gives the id back at once and stops. Idempotent. The host is not called after it resolves; commands in flight
   * resolve with errors.
   */
  close(): Promise<void>;

  /** Epoch of the present registration, −1 when there is none. Goes into Fetch and AlterPartition; may change any time. */
  brokerEpoch(): BrokerEpoch;

  /**
   * Proposes ISR or recovery states. The plane finds the controller, batches, and retries errors that concern the whole
   * request; what comes back is, per partition and in the order asked, the new state or the error for that partition.
   * Resolves at commit, which may be before or after the view shows it.
   */
  alterPartitions(changes: readonly IsrChange[]): Promise<readonly IsrOutcome[]>;

  /** The next block of producer ids. Every error is worth another try. */
  allocateProducerIds(): Promise<Outcome<ProducerIdBlock>>;

  /**
   * Creation that the broker starts: automatic creation on Metadata, internal topics. One creation per name at a time.
   * Resolves, per topic and in the order asked, with the error to show to the client.
   *
   * @param onBehalfOf whose request wants the topics; null for the broker's own
   */
  createTopics(topics: readonly TopicSpec[], onBehalfOf: RequestContext | null): Promise<readonly TopicError[]>;

  /** Tells that directories failed, or which replicas now lie where. Resolves when the controller knows. */
  reportDirectories(report: DirectoryReport): Promise<void>;

  /**
   * What ApiVersions says on a listener, made from what the broker's core can serve. A plane may add keys, narrow ranges
   * and hide keys, the core's included; the answer may change while running.
   */
  advertise(listener: string, core: readonly ApiRange[]): ApiAnnouncement;

  /**
   * Serves one request for a key that the announcement gives to the plane: administration by clients, pushes from a
   * controller, envelopes. It authorises through the host.
   */
  handle(request: PlaneRequest): Promise<PlaneReply>;
}
