import type { ControllerSource } from '@biquorum/control-plane/channel';
import type { MetadataImage } from '../image/image.ts';
import type { ImageChange } from '../image/image-change.ts';
import type { QuorumStatus } from '../quorum/options.ts';

/** Who knows which controller leads the quorum. */
export interface LeaderSource {
  status(): Pick<QuorumStatus, 'leaderId' | 'leaderEndpoint' | 'epoch'>;
  onLeaderChange(listener: () => void): () => void;
}

/** The leader of the quorum is the active controller. */
export function controllerOf(quorum: LeaderSource): ControllerSource {
  return {
    controller: () => {
      const { leaderId, leaderEndpoint } = quorum.status();
      return leaderId < 0 ? undefined : { id: leaderId, endpoint: leaderEndpoint };
    },
    onChange: (changed) => quorum.onLeaderChange(changed),
  };
}

/** The quorum, as those see it who follow its log. */
export interface FollowedQuorum extends LeaderSource {
  status(): Pick<QuorumStatus, 'leaderId' | 'leaderEndpoint' | 'epoch' | 'kraftVersion'>;
}

/** A node's copy of the metadata log while it is open; broker and controller of one process share it. */
export interface MetadataSource {
  readonly quorum: FollowedQuorum;
  readonly loader: {
    readonly image: MetadataImage;
    onChange(listener: (change: ImageChange) => void): () => void;
  };
  /** This user needs it no longer. */
  release(): Promise<void>;
}
