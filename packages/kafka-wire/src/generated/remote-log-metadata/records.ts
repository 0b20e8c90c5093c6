// Made by scripts/generate.ts from the tables of the folder. Change the tables, then run: pnpm generate
import type { MessageCodec } from '../../codec/message-codec.ts';
import {
  remoteLogSegmentMetadataRecord,
  type RemoteLogSegmentMetadataRecord,
  remoteLogSegmentMetadataUpdateRecord,
  type RemoteLogSegmentMetadataUpdateRecord,
  remotePartitionDeleteMetadataRecord,
  type RemotePartitionDeleteMetadataRecord,
  remoteLogSegmentMetadataSnapshotRecord,
  type RemoteLogSegmentMetadataSnapshotRecord,
} from './remote-log-metadata.ts';

/** A record with the name of its type and the version it was written in. */
export type RemoteLogRecord =
  | { readonly type: 'RemoteLogSegmentMetadataRecord'; readonly version: number; readonly record: RemoteLogSegmentMetadataRecord }
  | { readonly type: 'RemoteLogSegmentMetadataUpdateRecord'; readonly version: number; readonly record: RemoteLogSegmentMetadataUpdateRecord }
  | { readonly type: 'RemotePartitionDeleteMetadataRecord'; readonly version: number; readonly record: RemotePartitionDeleteMetadataRecord }
  | { readonly type: 'RemoteLogSegmentMetadataSnapshotRecord'; readonly version: number; readonly record: RemoteLogSegmentMetadataSnapshotRecord };

/** The codec of each type of record, by name. */
export const remoteLogRecordCodecs: {
  readonly RemoteLogSegmentMetadataRecord: MessageCodec<RemoteLogSegmentMetadataRecord>;
  readonly RemoteLogSegmentMetadataUpdateRecord: MessageCodec<RemoteLogSegmentMetadataUpdateRecord>;
  readonly RemotePartitionDeleteMetadataRecord: MessageCodec<RemotePartitionDeleteMetadataRecord>;
  readonly RemoteLogSegmentMetadataSnapshotRecord: MessageCodec<RemoteLogSegmentMetadataSnapshotRecord>;
} = {
  RemoteLogSegmentMetadataRecord: remoteLogSegmentMetadataRecord,
  RemoteLogSegmentMetadataUpdateRecord: remoteLogSegmentMetadataUpdateRecord,
  RemotePartitionDeleteMetadataRecord: remotePartitionDeleteMetadataRecord,
  RemoteLogSegmentMetadataSnapshotRecord: remoteLogSegmentMetadataSnapshotRecord,
};
