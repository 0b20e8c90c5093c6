import {
  BatchBuilder,
  BatchCursor,
  controlRecordKey,
  controlRecordTypeOf,
  RecordCursor,
  uuid,
  ZERO_UUID,
} from '@biquorum/kafka-wire';
import {
  kRaftVersionRecord,
  leaderChangeMessage,
  type VotersRecord,
  type VotersRecordVoter,
  votersRecord,
} from '@biquorum/kafka-wire/raft';
import { type Control, type ControlCodec, type Voter, type VoterSet, voterSet } from '@biquorum/raft';
import { BytesError } from '@biquorum/std';
import { formatVoterAddress, KRAFT_VERSIONS, parseVoterAddress } from './voter-address.ts';

/**
 * The quorum's own entries as Apache's control batches. The first voter set of a log follows the leader's record and
 * has the version of the protocol before it, all in one batch.
 *
 * Source: Java `LeaderState.appendStartOfEpochControlRecords`, `ControlRecordUtils` (3.9).
 *
 * @param wallMs gives the time that batches are written with
 * @param listener by which addresses without a listener's name are meant
 */
export function controlBatches(wallMs: () => number, listener: string): ControlCodec {
  return {
    encode(controls, { epoch, index }) {
      if (controls.length === 0) return new Uint8Array(0);
      const builder = new BatchBuilder({ baseOffset: index, partitionLeaderEpoch: epoch, isControl: true }, 256);
      const timestampMs = wallMs();
      for (const control of controls) {
        switch (control.kind) {
          case 'leaderChange':
            builder.append(timestampMs, controlRecordKey('leader-change'), encodeLeaderChange(control));
            break;
          case 'voters':
            if (controls.length > 1) {
              const version = { version: 0, kRaftVersion: 1 };
              builder.append(timestampMs, controlRecordKey('kraft-version'), kRaftVersionRecord.toBytes(version, 0));
            }
            builder.append(timestampMs, controlRecordKey('kraft-voters'), encodeVoters(control.set, listener));
        }
      }
      return builder.build().slice();
    },
    decode(payload) {
      return readControls(payload);
    },
    spanOf: (controls) => (controls.length > 1 ? controls.length + 1 : controls.length),
  };
}

/**
 * Reads control batches that lie one after the other. The version of the protocol is left out: where there are voters
 * it is 1.
 *
 * @throws BytesError, ProtocolError when they are malformed.
 */
export function readControls(payload: Uint8Array): readonly Control[] {
  const controls: Control[] = [];
  const batches = new BatchCursor(payload);
  const records = new RecordCursor();
  while (batches.next()) {
    if (!batches.batch.isControl) continue;
    records.open(batches.batch);
    while (records.next()) {
      const value = records.value() ?? new Uint8Array(0);
      const type = controlRecordTypeOf(records);
      if (type === 'leader-change') controls.push(decodeLeaderChange(value));
      else if (type === 'kraft-voters') controls.push({ kind: 'voters', set: decodeVoters(value) });
    }
    if (records.fault !== undefined) throw malformed(payload, `control batch is damaged: ${records.fault.kind}`);
  }
  if (batches.fault !== undefined) throw malformed(payload, `control batch is damaged: ${batches.fault.kind}`);
  return controls;
}

/** The value of a KRAFT_VOTERS record. */
export function encodeVoters({ voters }: VoterSet, listener: string): Uint8Array {
  const record: VotersRecord = { version: 0, voters: voters.map((voter) => votersRecordVoter(voter, listener)) };
  return votersRecord.toBytes(record, 0);
}

function votersRecordVoter({ id, directory, address }: Voter, listener: string): VotersRecordVoter {
  const { endpoints, kraftVersions = KRAFT_VERSIONS } = parseVoterAddress(address);
  return {
    voterId: id,
    voterDirectoryId: directory === '' ? ZERO_UUID : uuid(directory),
    endpoints: endpoints.map(({ name, host, port }) => ({ name: name === '' ? listener : name, host, port })),
    kRaftVersionFeature: { minSupportedVersion: kraftVersions.min, maxSupportedVersion: kraftVersions.max },
  };
}

function encodeLeaderChange(control: Extract<Control, { kind: 'leaderChange' }>): Uint8Array {
  const voter = (voterId: number): { voterId: number } => ({ voterId });
  const { leader, voters, granting } = control;
  const message = {
    version: 0,
    leaderId: leader,
    voters: voters.map(voter),
    grantingVoters: granting.map(voter),
  };
  return leaderChangeMessage.toBytes(message, 0);
}

function decodeLeaderChange(value: Uint8Array): Control {
  const { leaderId, voters, grantingVoters } = leaderChangeMessage.fromBytes(value, versionOf(value));
  const id = ({ voterId }: { readonly voterId: number }): number => voterId;
  return { kind: 'leaderChange', leader: leaderId, voters: voters.map(id), granting: grantingVoters.map(id) };
}

function decodeVoters(value: Uint8Array): VoterSet {
  const { voters } = votersRecord.fromBytes(value, versionOf(value));
  const ids = voters.map(({ voterId }) => voterId);
  if (ids.length === 0 || new Set(ids).size !== ids.length) {
    throw malformed(value, `voters ${ids} repeat an id, or are none`);
  }
  return voterSet(
    voters.map(({ voterId, voterDirectoryId, endpoints, kRaftVersionFeature }) => ({
      id: voterId,
      directory: voterDirectoryId === ZERO_UUID ? '' : voterDirectoryId,
      address: formatVoterAddress({
        endpoints,
        kraftVersions: {
          min: kRaftVersionFeature.minSupportedVersion,
          max: kRaftVersionFeature.maxSupportedVersion,
        },
      }),
    })),
  );
}

/** Each of these values begins with the version of its own layout. */
function versionOf(value: Uint8Array): number {
  if (value.length < 2) throw malformed(value, 'control record has no version');
  return new DataView(value.buffer, value.byteOffset).getInt16(0);
}

function malformed(bytes: Uint8Array, detail: string): BytesError {
  return new BytesError('out-of-range', 0, bytes.length, bytes.length, detail);
}
