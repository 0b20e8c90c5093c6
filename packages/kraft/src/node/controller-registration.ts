import { ControllerChannel } from '@biquorum/control-plane/channel';
import { errorName, type Uuid } from '@biquorum/kafka-wire';
import {
  type ControllerRegistrationResponse,
  controllerRegistrationRequest,
  controllerRegistrationResponse,
} from '@biquorum/kafka-wire/messages/controller-registration';
import type { Endpoint } from '@biquorum/metadata';
import type { Ports, Timer } from '@biquorum/platform';
import type { MetadataLoader } from '../image/metadata-loader.ts';
import { METADATA_VERSION, metadataVersionNamed } from '../image/metadata-version.ts';
import { securityProtocolCode } from '../image/registrations.ts';
import { controllerOf, type LeaderSource } from '../plane/metadata-source.ts';
import { SUPPORTED_FEATURES } from '../server/api-versions.ts';

/** What a controller's registration is made of. */
export interface ControllerRegistrarParts {
  readonly nodeId: number;
  readonly incarnationId: string;
  readonly endpoints: readonly Endpoint[];
  readonly ports: Pick<Ports, 'clock' | 'timers' | 'network' | 'telemetry'>;
  readonly quorum: LeaderSource;
  readonly loader: Pick<MetadataLoader, 'image' | 'onChange'>;
}

const FIRST_LEVEL = metadataVersionNamed('3.7-IV0')?.level ?? 0;
const LOOK_MS = 100;
const ATTEMPT_MS = 5_000;

/**
 * Tells the cluster of a controller's endpoints and features, once this process is not what the metadata shows under its
 * id. Source: Java `ControllerRegistrationManager` of 3.9 (KIP-919).
 */
export class ControllerRegistrar {
  readonly #parts: ControllerRegistrarParts;
  readonly #channel: ControllerChannel;
  readonly #timer: Timer;
  readonly #unsubscribe: () => void;
  #asking = false;
  #closed = false;

  constructor(parts: ControllerRegistrarParts) {
    this.#parts = parts;
    this.#channel = new ControllerChannel(parts.ports, controllerOf(parts.quorum), {
      clientId: `controller-${parts.nodeId}-registration`,
      requestTimeoutMs: ATTEMPT_MS,
    });
    this.#timer = parts.ports.timers.set(0, () => void this.#register());
    this.#unsubscribe = parts.loader.onChange(() => {
      if (!this.#timer.pending && this.#isDue) this.#timer.reset(LOOK_MS);
    });
  }

  close(): void {
    this.#closed = true;
    this.#unsubscribe();
    this.#timer.cancel();
    this.#channel.close();
  }

  get #isDue(): boolean {
    const { loader, nodeId, incarnationId } = this.#parts;
    const { controllers, view } = loader.image;
    // While nothing is finalized the cluster has not begun.
    const level = view.features.levels.get(METADATA_VERSION) ?? 0;
    return level >= FIRST_LEVEL && controllers.get(nodeId)?.incarnationId !== incarnationId;
  }

  async #register(): Promise<void> {
    if (this.#asking || this.#closed || !this.#isDue) return;
    this.#asking = true;
    const { ports, incarnationId, endpoints } = this.#parts;
    const call = {
      request: controllerRegistrationRequest,
      response: controllerRegistrationResponse,
      body: () => ({
        controllerId: this.#parts.nodeId,
        incarnationId: incarnationId as Uuid,
        zkMigrationReady: false,
        listeners: endpoints.map(({ listener, host, port, securityProtocol }) => ({
          name: listener,
          host,
          port,
          securityProtocol: securityProtocolCode(securityProtocol),
        })),
        features: [...SUPPORTED_FEATURES].map(([name, { min, max }]) => ({
          name,
          minSupportedVersion: min,
          maxSupportedVersion: max,
        })),
      }),
      isTransient: ({ errorCode }: ControllerRegistrationResponse) => errorName(errorCode) === 'NOT_CONTROLLER',
    };
    try {
      const { errorCode } = await this.#channel.ask(call, ports.clock.monotonicMs() + ATTEMPT_MS);
      if (errorCode !== 0) {
        ports.telemetry.log('warn', 'registration of a controller refused', { reason: errorName(errorCode) });
      }
    } catch (error) {
      if (!this.#closed) ports.telemetry.log('debug', 'controller not registered yet', { error: error as Error });
    } finally {
      this.#asking = false;
    }
    if (!this.#closed && this.#isDue) this.#timer.reset(LOOK_MS);
  }
}
