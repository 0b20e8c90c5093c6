import type { ClusterDelta, ClusterView } from '@biquorum/metadata';
import type { MetadataImage } from './image.ts';

/** One step of the committed metadata. */
export interface ImageChange {
  /** What differs from the view before. */
  readonly delta: ClusterDelta;
  readonly view: ClusterView;
  readonly image: MetadataImage;
  /** Offset after the last record that the image contains. */
  readonly endOffset: number;
  /** Epoch of that record's batch. */
  readonly epoch: number;
}
