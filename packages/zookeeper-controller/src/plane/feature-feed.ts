import { decodeFeatures, PATHS, ZnodeError } from '@biquorum/kafka-znodes';
import type { FeatureRange } from '@biquorum/metadata';
import { type ZooKeeperClient, ZooKeeperError } from '@biquorum/zookeeper-client';
import { untilAnswered } from '../until-answered.ts';
import type { ViewChain } from './view-chain.ts';

/** What a broker needs to follow `/feature`. */
export interface FeatureFeedParts {
  readonly chain: ViewChain;
  readonly protocolVersion: string;
  readonly supported: ReadonlyMap<string, FeatureRange>;
  /** The cluster runs at levels that this broker cannot run at. */
  readonly onIncompatible: (message: string) => void;
}

/** Finalized feature levels in a broker's view. Source: Java `FinalizedFeatureChangeListener`. */
export class FeatureFeed {
  readonly #parts: FeatureFeedParts;

  constructor(parts: FeatureFeedParts) {
    this.#parts = parts;
  }

  /** Reads the levels, and follows them under this session. A missing node is waited for. */
  async begin(session: ZooKeeperClient): Promise<void> {
    const again = (): void => {
      // What a session that is over did not tell, the next one's beginning does.
      this.begin(session).catch((error: unknown) => {
        if (!(error instanceof ZooKeeperError)) throw error;
      });
    };
    const present = await untilAnswered(session, () => session.exists(PATHS.feature, again));
    if (present === undefined) return this.#take(new Map(), -1);
    const { data, stat } = await untilAnswered(session, () => session.getData(PATHS.feature));
    try {
      const { enabled, levels } = decodeFeatures(data);
      this.#take(enabled ? levels : new Map(), enabled ? stat.version : -1);
    } catch (error) {
      if (!(error instanceof ZnodeError)) throw error;
      this.#parts.onIncompatible(error.message);
    }
  }

  #take(levels: ReadonlyMap<string, number>, epoch: number): void {
    const { chain, supported, protocolVersion, onIncompatible } = this.#parts;
    for (const [name, level] of levels) {
      const range = supported.get(name);
      if (range !== undefined && level >= range.min && level <= range.max) continue;
      onIncompatible(`the cluster runs at level ${level} of feature ${name}, which this broker does not support`);
      return;
    }
    const { features, protocolVersion: before } = chain.view;
    if (features.epoch === epoch && before === protocolVersion) return;
    chain.step((draft) => draft.setFeatures({ levels, epoch }, protocolVersion));
  }
}
