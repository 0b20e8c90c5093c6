import { decodeMetadataRecord, encodeMetadataRecord, type MetadataRecord } from '@biquorum/kafka-wire/metadata-records';
import type { BrokerEpoch } from '@biquorum/metadata';
import type { Telemetry } from '@biquorum/platform';
import type { MetadataImage } from '../image/image.ts';
import type { MetadataLoader } from '../image/metadata-loader.ts';
import { metadataVersionOf } from '../image/metadata-version.ts';
import type { MetadataBatch } from '../journal.ts';
import { activationRecords } from './activation.ts';
import { CONTROLLER_API_KEYS, type ControllerApi, controllerApis } from './apis/index.ts';
import { Background } from './background.ts';
import { DecisionLog, notController } from './decision-log.ts';
import { ControllerFault } from './fault.ts';
import { BrokerHeartbeats } from './heartbeats.ts';
import { type ControllerSettings, DEFAULT_CONTROLLER_SETTINGS, type QuorumControllerOptions } from './options.ts';
import type { ControllerRequest } from './request.ts';
import type { Decision, Situation } from './situation.ts';

/**
 * The controller of a node of the quorum. While its node leads the quorum it decides: on requests and by itself.
 *
 * A decision is made on the state after everything appended, written as one batch of records, and answered when that is
 * committed. What the records mean is said in one place, the image's replay, which the leader uses like everybody else.
 *
 * Source: KIP-631; Java `QuorumController`.
 */
export class QuorumController {
  readonly #options: QuorumControllerOptions;
  readonly #settings: ControllerSettings;
  readonly #telemetry: Telemetry;
  readonly #loader: MetadataLoader;
  readonly #log: DecisionLog;
  readonly #background: Background;
  readonly #apis: ReadonlyMap<number, ControllerApi>;
  #heartbeats: BrokerHeartbeats;
  #epoch: number | null = null;
  #isClosed = false;

  /** Attaches itself to the loader; active at once when the node leads already. */
  constructor(options: QuorumControllerOptions) {
    const { ports, loader, journal } = options;
    this.#options = options;
    this.#settings = { ...DEFAULT_CONTROLLER_SETTINGS, ...options.settings };
    this.#telemetry = ports.telemetry;
    this.#loader = loader;
    this.#log = new DecisionLog(journal, loader.lists, this.#settings.recordsPerBatchMax);
    this.#heartbeats = new BrokerHeartbeats(ports.clock, this.#settings.sessionTimeoutMs);
    this.#background = new Background({
      timers: ports.timers,
      monotonicMs: () => ports.clock.monotonicMs(),
      situation: () => this.#situation(),
      place: (decision) => this.#place(decision).reply,
    });
    this.#apis = controllerApis({
      nodeId: options.nodeId,
      clusterId: options.clusterId,
      supportedFeatures: options.supportedFeatures,
      quorumNodeIds: options.quorumNodeIds,
      kraftVersion: options.kraftVersion ?? (() => 0),
      deleteTopicEnable: this.#settings.deleteTopicEnable,
      authorize: options.authorize ?? (() => true),
      configRules: options.configRules,
      committed: () => loader.image,
      decide: (make, placed) => this.#decide(make, placed),
      heartbeats: () => this.#heartbeats,
      sessionsChanged: () => this.#background.sessionsChanged(),
      settlePartitions: () => this.#background.settlePartitions(),
    });
    loader.attach({
      lead: (epoch) => this.#lead(epoch),
      resign: (reason) => this.#resign(reason),
      committed: (batch) => this.#committed(batch),
    });
  }

  /** Whether requests for this key are answered here. */
  static serves(apiKey: number): boolean {
    return CONTROLLER_API_KEYS.includes(apiKey);
  }

  /** The epoch in which this node is the active controller, or null. */
  get activeEpoch(): number | null {
    return this.#epoch;
  }

  /** The state that decisions are made on; null while this node is not active. For inspection. */
  get uncommittedImage(): MetadataImage | null {
    return this.#log.image;
  }

  /**
   * Serves one request.
   *
   * @returns the response's body in the request's version; errors are in it
   * @throws ProtocolError when the body is not such a request
   * @throws RangeError for a key that {@link QuorumController.serves} denies
   */
  async handle(request: ControllerRequest): Promise<Uint8Array> {
    const api = this.#apis.get(request.apiKey);
    if (api === undefined) throw new RangeError(`api key ${request.apiKey} is none of the controller's`);
    return await api(request);
  }

  /** Fences a broker whose process has ended, if it still has this registration, without waiting for its session's end. */
  endSession(brokerId: number, epoch: BrokerEpoch): void {
    if (this.#log.image?.brokers.get(brokerId)?.epoch !== epoch) return;
    this.#heartbeats.end(brokerId);
    this.#background.sessionsChanged();
  }

  /** Stops deciding; who waits is told NOT_CONTROLLER. */
  close(): void {
    this.#isClosed = true;
    this.#stop();
  }

  #lead(epoch: number): void {
    if (this.#isClosed) return;
    if (this.#epoch !== null) this.#stop();
    const image = this.#loader.image;
    this.#epoch = epoch;
    this.#log.begin(image, epoch);
    this.#heartbeats = new BrokerHeartbeats(this.#options.ports.clock, this.#settings.sessionTimeoutMs);
    for (const broker of image.brokers.values()) this.#heartbeats.register(broker.id, broker.fenced, true);
    try {
      this.#place({ records: activationRecords(image, this.#options.bootstrap.map(whole)), reply: null });
    } catch (thrown) {
      if (!(thrown instanceof ControllerFault)) throw thrown;
      // The leadership is lost already; that will be told.
      this.#stop();
      return;
    }
    this.#telemetry.log('info', 'controller became active', {
      epoch,
      brokers: image.brokers.size,
      topics: image.view.topics.size,
      metadataVersion: metadataVersionOf(this.#situation().level)?.name ?? 'unknown',
    });
    this.#background.start();
    this.#options.onActive?.();
  }

  #resign(reason: string): void {
    if (this.#epoch === null) return;
    this.#telemetry.log('info', 'controller resigned', { epoch: this.#epoch, reason });
    this.#stop();
  }

  #stop(): void {
    this.#epoch = null;
    this.#background.stop();
    this.#log.end();
  }

  #committed(batch: MetadataBatch): void {
    if (this.#epoch !== null) this.#log.committed(batch.endOffset);
  }

  /** Decides, appends, and resolves when that is committed. */
  async #decide<T>(
    make: (situation: Situation) => Decision<T>,
    onPlaced?: (placed: T, lastOffset: number) => void,
  ): Promise<T> {
    const { reply, lastOffset } = this.#place(make(this.#situation()));
    onPlaced?.(reply, lastOffset);
    await this.#log.settled();
    return reply;
  }

  #place<T>(decision: Decision<T>): { readonly reply: T; readonly lastOffset: number } {
    const placed = this.#log.place(decision);
    if (this.#epoch !== null) this.#background.appended(decision.records);
    return placed;
  }

  #situation(): Situation {
    const { image } = this.#log;
    if (image === null) throw notController();
    return {
      image,
      view: image.view,
      level: image.metadataLevel,
      nodeId: this.#options.nodeId,
      settings: this.#settings,
      rules: this.#options.configRules,
      heartbeats: this.#heartbeats,
      random: this.#options.ports.random,
    };
  }
}

/** A record with everything that was left out. */
function whole({ message, version }: QuorumControllerOptions['bootstrap'][number]): MetadataRecord {
  return decodeMetadataRecord(encodeMetadataRecord(message, version));
}
