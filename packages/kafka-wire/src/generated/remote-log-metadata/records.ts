// Made by scripts/generate.ts from the tables of the folder. Change the tables, then run: pnpm generate
import type { MessageCodec } from '../../codec/message-codec.ts';
import {
  remoteLogSegmentMetadataRecord,
  type RemoteLogSegmentMetadataRecord,
  remoteLogSegmentMetadataSnapshotRecord,
  type RemoteLogSegmentMetadataSnapshotRecord,
  remoteLogSegmentMetadataUpdateRecord,
  type RemoteLogSegmentMetadataUpdateRecord,
  remotePartitionDeleteMetadataRecord,
  type RemotePartitionDeleteMetadataRecord,
} from './remote-log-metadata.ts';

/** A record with the name of its type and the version it was written in. */
export type RemoteLogRecord =
  | { readonly type: 'RemoteLogSegmentMetadataRecord'; readonly version: number; readonly record: RemoteLogSegmentMetadataRecord }
  | { readonly type: 'RemoteLogSegmentMetadataSnapshotRecord'; readonly version: number; readonly record: RemoteLogSegmentMetadataSnapshotRecord }
  | { readonly type: 'RemoteLogSegmentMetadataUpdateRecord'; readonly version: number; readonly record: RemoteLogSegmentMetadataUpdateRecord }
  | { readonly type: 'RemotePartitionDeleteMetadataRecord'; readonly version: number; readonly record: RemotePartitionDeleteMetadataRecord };

/** The codec of each type of record, by name. */
export const remoteLogRecordCodecs: {
  readonly RemoteLogSegmentMetadataRecord: MessageCodec<RemoteLogSegmentMetadataRecord>;
  readonly RemoteLogSegmentMetadataSnapshotRecord: MessageCodec<RemoteLogSegmentMetadataSnapshotRecord>;
  readonly RemoteLogSegmentMetadataUpdateRecord: MessageCodec<RemoteLogSegmentMetadataUpdateRecord>;
  readonly RemotePartitionDeleteMetadataRecord: MessageCodec<RemotePartitionDeleteMetadataRecord>;
} = {
  RemoteLogSegmentMetadataRecord: remoteLogSegmentMetadataRecord,
  RemoteLogSegmentMetadataSnapshotRecord: remoteLogSegmentMetadataSnapshotRecord,
  RemoteLogSegmentMetadataUpdateRecord: remoteLogSegmentMetadataUpdateRecord,
  RemotePartitionDeleteMetadataRecord: remotePartitionDeleteMetadataRecord,
};
