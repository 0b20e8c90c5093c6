import {
  decodeController,
  decodeEntityConfig,
  encodeConfigChange,
  encodeEntityConfig,
  PATHS,
  SEQUENCE_PREFIXES,
} from '@biquorum/kafka-znodes';
import { MultiError, type ZooKeeperClient } from '@biquorum/zookeeper-client';
import { hasCode, unlessMissing, untilAnswered } from '../until-answered.ts';
import { Refused } from './faults.ts';

/** The dynamic configuration of an entity, such as `topics/T`; empty where there is none. */
export async function readEntityConfig(session: ZooKeeperClient, entity: string): Promise<ReadonlyMap<string, string>> {
  const path = `${PATHS.config}/${entity}`;
  const node = await untilAnswered(session, () => unlessMissing(session.getData(path)));
  return node === undefined ? new Map() : decodeEntityConfig(node.data);
}

/**
 * Replaces the dynamic configuration of an entity and tells all brokers. Any broker may do it, while there is a
 * controller that is a broker.
 *
 * @throws Refused NOT_CONTROLLER when there is none
 *
 * Source: Java `KafkaZkClient.setOrCreateEntityConfigs`, `createConfigChangeNotification`.
 */
export async function writeEntityConfig(
  session: ZooKeeperClient,
  entity: string,
  values: ReadonlyMap<string, string>,
): Promise<void> {
  const path = `${PATHS.config}/${entity}`;
  const data = encodeEntityConfig(values);
  while (!(await writeOnce(session, path, data)));
  await untilAnswered(session, () =>
    session.create(`${PATHS.configChanges}/${SEQUENCE_PREFIXES.configChange}`, encodeConfigChange(entity), {
      mode: 'persistentSequential',
    }),
  );
}

/** @returns False when something changed between look and write */
async function writeOnce(session: ZooKeeperClient, path: string, data: Uint8Array): Promise<boolean> {
  const [controller, present] = await untilAnswered(session, () =>
    Promise.all([unlessMissing(session.getData(PATHS.controller)), session.exists(path)]),
  );
  if (controller === undefined || decodeController(controller.data).kraftControllerEpoch > 0) {
    throw new Refused('NOT_CONTROLLER', 'there is no active controller; try again once there is one');
  }
  try {
    if (present === undefined) {
      // Above a user's client there may be no node yet.
      const above = path.slice(0, path.lastIndexOf('/'));
      await untilAnswered(session, () => session.createPath(above));
      await untilAnswered(session, () => session.create(path, data));
    } else {
      await untilAnswered(session, () =>
        session.multi([
          { op: 'check', path: PATHS.controller, version: controller.stat.version },
          { op: 'setData', path, data, version: -1 },
        ]),
      );
    }
    return true;
  } catch (error) {
    if (hasCode(error, 'NodeExists') || error instanceof MultiError) return false;
    throw error;
  }
}
