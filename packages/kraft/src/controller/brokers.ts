import type { ErrorName } from '@biquorum/kafka-wire';
import type { BrokerHeartbeatRequest } from '@biquorum/kafka-wire/messages/broker-heartbeat';
import type { BrokerRegistrationRequest } from '@biquorum/kafka-wire/messages/broker-registration';
import type { ControllerRegistrationRequest } from '@biquorum/kafka-wire/messages/controller-registration';
import type { MetadataRecord, RegisterBrokerRecord } from '@biquorum/kafka-wire/metadata-records';
import type { FeatureRange, NodeId } from '@biquorum/metadata';
import { isReservedDirectory } from '../image/directory-ids.ts';
import {
  KRAFT_VERSION,
  METADATA_VERSION,
  MINIMUM_METADATA_LEVEL,
  registerBrokerVersion,
  since,
} from '../image/metadata-version.ts';
import { type BrokerRegistration, securityProtocolOf } from '../image/registrations.ts';
import { offlineDirectories } from './directories.ts';
import { ControllerFault } from './fault.ts';
import type { BrokerControlState } from './heartbeats.ts';
import { leaderAndIsrUpdates, leadsSomething, partitionsWithInIsr, partitionsWithoutLeader } from './leadership.ts';
import { registrationChange } from './registration-change.ts';
import { checkBrokerEpoch, type Decision, type PartialRecords, type Situation } from './situation.ts';

/** What the controller knows besides of its metadata when a broker registers. */
export interface RegistrationPolicy {
  readonly clusterId: string;
  readonly kraftVersion: number;
}

/**
 * Registers a broker. A new incarnation starts fenced, its epoch is the offset of its record; the same incarnation again
 * keeps its epoch and its state. A new one waits until the one before is fenced: only then its replicas are out of all
 * ISRs but those of which they are the last.
 *
 * @throws ControllerFault when it may not register
 *
 * Source: Java `ClusterControlManager.registerBroker`.
 */
export function registerBroker(
  situation: Situation,
  request: BrokerRegistrationRequest,
  policy: RegistrationPolicy,
): Decision<{ readonly epoch: number; readonly fenced: boolean; readonly isNewIncarnation: boolean }> {
  const { brokerId } = request;
  const { level, image, heartbeats } = situation;
  if (request.clusterId !== policy.clusterId) {
    throw new ControllerFault(
      'INCONSISTENT_CLUSTER_ID',
      `Expected cluster ID ${policy.clusterId}, but got cluster ID ${request.clusterId}`,
    );
  }
  const existing = image.brokers.get(brokerId);
  const isNewIncarnation = existing?.incarnationId !== request.incarnationId;
  // Who is still unfenced counts as in sync and may lead, session or not: its successor may have lost what it had.
  if (existing !== undefined && isNewIncarnation && (!existing.fenced || heartbeats.hasValidSession(brokerId))) {
    throw new ControllerFault('DUPLICATE_BROKER_REGISTRATION', 'Another broker is registered with that broker id.');
  }
  if (request.isMigratingZkBroker) {
    throw new ControllerFault('BROKER_ID_NOT_REGISTERED', 'Controller does not support registering ZK brokers.');
  }
  if (image.zkMigrationState === PRE_MIGRATION) {
    throw new ControllerFault(
      'BROKER_ID_NOT_REGISTERED',
      'Controller is in pre-migration mode and cannot register KRaft brokers until the metadata migration is complete.',
    );
  }
  checkProtocols('INVALID_REGISTRATION', request.listeners);
  if (level >= since.directories) checkDirectories(situation, request);
  const template: Omit<RegisterBrokerRecord, 'brokerEpoch'> = {
    brokerId,
    isMigratingZkBroker: false,
    incarnationId: request.incarnationId,
    endPoints: request.listeners,
    features: checkedFeatures(situation, request, policy.kraftVersion),
    rack: request.rack,
    fenced: isNewIncarnation || (existing?.fenced ?? true),
    inControlledShutdown: !isNewIncarnation && (existing?.shuttingDown ?? false),
    logDirs: level >= since.directories ? request.logDirs : [],
  };
  const make = (brokerEpoch: number) => ({
    records: [
      {
        type: 'RegisterBrokerRecord',
        version: registerBrokerVersion(level),
        record: { ...template, brokerEpoch },
      } satisfies MetadataRecord,
    ],
    reply: { epoch: brokerEpoch, fenced: template.fenced, isNewIncarnation },
  });
  const placed = make(isNewIncarnation ? -1 : (existing as BrokerRegistration).epoch);
  return { ...placed, atomic: true, ...(isNewIncarnation ? { at: make } : {}) };
}

/** A heartbeat's answer, and what is to be noted once the decision has its place in the log. */
export interface HeartbeatReply {
  readonly isCaughtUp: boolean;
  readonly isFenced: boolean;
  readonly inControlledShutdown: boolean;
  readonly shouldShutDown: boolean;
  /** False: this was a part of what must come before the broker's state changes; ask again once it is committed. */
  readonly isDone: boolean;
  /** The broker's state has changed, and more partitions are to follow than fitted into the decision. */
  readonly leavesMore: boolean;
}

/**
 * Decides on a heartbeat: fences, unfences, starts or ends a controlled shutdown, notes failed directories. Of many
 * partitions that are concerned a part is taken, one batch, so that others get their turn in between.
 *
 * @throws ControllerFault STALE_BROKER_EPOCH
 *
 * Source: Java `ReplicationControlManager.processBrokerHeartbeat`.
 */
export function heartbeat(situation: Situation, request: BrokerHeartbeatRequest): Decision<HeartbeatReply> {
  const { brokerId, brokerEpoch, currentMetadataOffset } = request;
  const { heartbeats, image } = situation;
  checkBrokerEpoch(situation, brokerId, brokerEpoch);
  const broker = image.brokers.get(brokerId) as BrokerRegistration;
  const { current, next } = heartbeats.next(brokerId, request, broker.registeredAt, () =>
    leadsSomething(situation, broker.id),
  );
  const reply: HeartbeatReply = {
    isCaughtUp: currentMetadataOffset >= broker.registeredAt,
    isFenced: next === 'fenced' || next === 'shutdown-now',
    inControlledShutdown: next === 'controlled-shutdown',
    shouldShutDown: next === 'shutdown-now',
    isDone: true,
    leavesMore: false,
  };
  const max = situation.settings.recordsPerBatchMax - 1;
  const offline =
    situation.level >= since.directories && request.offlineLogDirs.length > 0
      ? offlineDirectories(situation, broker, request.offlineLogDirs, max)
      : NOTHING;
  if (!offline.isWhole) return { records: offline.records, reply: { ...reply, isDone: false } };
  const change = current === next ? NOTHING : changeState(situation, broker, next, max);
  const isDone = change.isWhole || !reply.isFenced;
  return {
    records: isDone ? [...change.records, ...offline.records] : change.records,
    reply: { ...reply, isDone, leavesMore: isDone && !change.isWhole },
  };
}

/**
 * Fences the broker whose session ended first, if any. Many leaderships move in several decisions, one batch each, so
 * that others get their turn in between; the broker is fenced in the last.
 */
export function fenceStaleBroker(
  situation: Situation,
): Decision<{ readonly fenced: number | null; readonly isDone: boolean }> {
  const stale = situation.heartbeats.oneStaleBroker();
  const broker = stale === null ? undefined : situation.image.brokers.get(stale);
  if (broker === undefined) return { records: [], reply: { fenced: null, isDone: true } };
  const { records, isWhole } = fenceRecords(situation, broker, situation.settings.recordsPerBatchMax - 1);
  return { records, reply: { fenced: isWhole ? broker.id : null, isDone: isWhole } };
}

/**
 * Forgets a broker, with the last part of what that takes; `reply` tells whether it was the last.
 *
 * @throws ControllerFault BROKER_ID_NOT_REGISTERED
 */
export function unregisterBroker(situation: Situation, brokerId: number): Decision<boolean> {
  const broker = situation.image.brokers.get(brokerId);
  if (broker === undefined) {
    throw new ControllerFault('BROKER_ID_NOT_REGISTERED', `Broker ID ${brokerId} is not currently registered`);
  }
  const { records, isWhole } = leave(situation, broker, situation.settings.recordsPerBatchMax - 1);
  if (!isWhole) return { records, reply: false };
  const record = { brokerId, brokerEpoch: broker.epoch };
  return { records: [...records, { type: 'UnregisterBrokerRecord', version: 0, record }], reply: true };
}

/** Registers a controller. @throws ControllerFault UNSUPPORTED_VERSION below 3.7-IV0; INVALID_REQUEST */
export function registerController({ level }: Situation, request: ControllerRegistrationRequest): Decision<null> {
  if (level < since.controllerRegistration) {
    throw new ControllerFault(
      'UNSUPPORTED_VERSION',
      'The current MetadataVersion is too old to support controller registrations.',
    );
  }
  const { controllerId, incarnationId, zkMigrationReady, listeners, features } = request;
  checkProtocols('INVALID_REQUEST', listeners);
  const record = { controllerId, incarnationId, zkMigrationReady, endPoints: listeners, features };
  return { records: [{ type: 'RegisterControllerRecord', version: 0, record }], reply: null, atomic: true };
}

function changeState(
  situation: Situation,
  broker: BrokerRegistration,
  next: BrokerControlState,
  max: number,
): PartialRecords {
  switch (next) {
    case 'fenced':
    case 'shutdown-now':
      return fenceRecords(situation, broker, max);
    case 'unfenced':
      return unfenceRecords(situation, broker, max);
    case 'controlled-shutdown':
      return shutdownRecords(situation, broker, max);
    default:
      next satisfies never;
      return NOTHING;
  }
}

const NOTHING: PartialRecords = { records: [], isWhole: true };

/** The broker is fenced with the last part. */
function fenceRecords(situation: Situation, broker: BrokerRegistration, max: number): PartialRecords {
  const moves = leave(situation, broker, max);
  return moves.isWhole ? { records: [...moves.records, fenceRecord(situation, broker)], isWhole: true } : moves;
}

function leave(situation: Situation, { id }: BrokerRegistration, max: number): PartialRecords {
  const records = leaderAndIsrUpdates(situation, partitionsWithInIsr(situation, id), { leaving: id, max });
  return { records, isWhole: records.length < max };
}

function fenceRecord({ level }: Situation, broker: BrokerRegistration): MetadataRecord {
  return level >= since.registrationChange
    ? registrationChange(broker, { fenced: 1 }, 0)
    : { type: 'FenceBrokerRecord', version: 0, record: { id: broker.id, epoch: broker.epoch } };
}

/** The broker is unfenced with the first part. */
function unfenceRecords(situation: Situation, broker: BrokerRegistration, max: number): PartialRecords {
  const unfence: MetadataRecord =
    situation.level >= since.registrationChange
      ? registrationChange(broker, { fenced: -1 }, 0)
      : { type: 'UnfenceBrokerRecord', version: 0, record: { id: broker.id, epoch: broker.epoch } };
  const elected = leaderAndIsrUpdates(situation, partitionsWithoutLeader(situation), { coming: broker.id, max });
  return { records: [unfence, ...elected], isWhole: elected.length < max };
}

/** The shutdown begins with the first part. */
function shutdownRecords(situation: Situation, broker: BrokerRegistration, max: number): PartialRecords {
  const isToldInRecords = situation.level >= since.controlledShutdown && !broker.shuttingDown;
  const { records, isWhole } = leave(situation, broker, max);
  if (!isToldInRecords) return { records, isWhole };
  return { records: [registrationChange(broker, { inControlledShutdown: 1 }, 1), ...records], isWhole };
}

const PRE_MIGRATION = 2;

/** A listener whose protocol nobody knows must not reach the log: all nodes would stumble over it. */
function checkProtocols(error: ErrorName, listeners: BrokerRegistrationRequest['listeners']): void {
  for (const { name, securityProtocol } of listeners) {
    if (securityProtocolOf(securityProtocol) !== undefined) continue;
    throw new ControllerFault(error, `listener ${name} has unknown security protocol ${securityProtocol}`);
  }
}

function checkDirectories({ image }: Situation, { brokerId, logDirs }: BrokerRegistrationRequest): void {
  const refuse = (message: string): never => {
    throw new ControllerFault('INVALID_REGISTRATION', message);
  };
  if (logDirs.length === 0) refuse('No directories specified in request');
  if (logDirs.some(isReservedDirectory)) refuse('Reserved directory ID in request');
  if (new Set(logDirs).size !== logDirs.length) refuse('Duplicate directory ID in request');
  for (const broker of image.brokers.values()) {
    if (broker.id === brokerId) continue;
    const taken = broker.directories.find((directory) => logDirs.includes(directory));
    if (taken !== undefined) refuse(`Broker ${broker.id} is already registered with directory ${taken}`);
  }
}

function checkedFeatures(
  { view }: Situation,
  { features }: BrokerRegistrationRequest,
  kraftVersion: number,
): RegisterBrokerRecord['features'] {
  const finalized = new Map([...view.features.levels, [KRAFT_VERSION, kraftVersion] as const]);
  const rows = features.map(({ name, minSupportedVersion, maxSupportedVersion }) => ({
    name,
    minSupportedVersion,
    maxSupportedVersion,
  }));
  // Who says nothing of metadata.version supports the first level only.
  if (!rows.some(({ name }) => name === METADATA_VERSION)) {
    rows.push({
      name: METADATA_VERSION,
      minSupportedVersion: MINIMUM_METADATA_LEVEL,
      maxSupportedVersion: MINIMUM_METADATA_LEVEL,
    });
  }
  for (const { name, minSupportedVersion, maxSupportedVersion } of rows) {
    const otherwise = name === METADATA_VERSION ? MINIMUM_METADATA_LEVEL : 0;
    checkFeature(name, finalized.get(name) ?? otherwise, { min: minSupportedVersion, max: maxSupportedVersion });
  }
  for (const [name, level] of finalized) {
    if (level !== 0 && !rows.some((row) => row.name === name)) checkFeature(name, level, { min: 0, max: 0 });
  }
  return rows;
}

function checkFeature(name: string, level: number, { min, max }: FeatureRange): void {
  if (level >= min && level <= max) return;
  throw new ControllerFault(
    'UNSUPPORTED_VERSION',
    `Unable to register because the broker does not support finalized version ${level} of ${name}. The broker wants a version between ${min} and ${max}, inclusive.`,
  );
}

/** Ids of the brokers that new replicas may be placed on. */
export function usableBrokers({ image, heartbeats }: Situation): {
  readonly id: NodeId;
  readonly rack: string | null;
  readonly fenced: boolean;
}[] {
  return [...image.brokers.values()].filter(({ id }) => !heartbeats.isShuttingDown(id));
}
