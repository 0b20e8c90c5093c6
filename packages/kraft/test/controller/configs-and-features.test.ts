import { errorName, type Init } from '@biquorum/kafka-wire';
import { alterConfigsRequest, alterConfigsResponse } from '@biquorum/kafka-wire/messages/alter-configs';
import {
  type IncrementalAlterConfigsRequestAlterConfigsResource,
  incrementalAlterConfigsRequest,
  incrementalAlterConfigsResponse,
} from '@biquorum/kafka-wire/messages/incremental-alter-configs';
import { updateFeaturesRequest, updateFeaturesResponse } from '@biquorum/kafka-wire/messages/update-features';
import type { ConfigResource } from '@biquorum/metadata';
import { describe, expect, test } from 'vitest';
import { ControllerKit } from './support/controller-kit.ts';

const SET = 0;
const DELETE = 1;
const APPEND = 2;
const SUBTRACT = 3;
const TOPIC = 2;
const BROKER = 4;

type Wish = Init<IncrementalAlterConfigsRequestAlterConfigsResource>;

async function alter(kit: ControllerKit, resources: readonly Wish[], validateOnly = false): Promise<string[]> {
  const { responses } = await kit.call(incrementalAlterConfigsRequest, incrementalAlterConfigsResponse, {
    resources,
    validateOnly,
  });
  return responses.map(({ errorCode, errorMessage }) =>
    errorCode === 0 ? 'NONE' : `${errorName(errorCode)}: ${errorMessage}`,
  );
}

const change = (
  name: string,
  configOperation: number,
  value: string | null = null,
): NonNullable<Wish['configs']>[number] => ({
  name,
  configOperation,
  value,
});

const values = (kit: ControllerKit, resource: ConfigResource) =>
  Object.fromEntries(kit.loader.image.view.configOf(resource));

describe('IncrementalAlterConfigs', () => {
  const topic = (configs: Wish['configs'], resourceName = 'a'): Wish => ({
    resourceType: TOPIC,
    resourceName,
    configs,
  });

  test('sets, appends, subtracts and deletes', async () => {
    const kit = await ControllerKit.withBrokers([1]);
    await kit.assign('a', [[1]]);
    const own: ConfigResource = { type: 'topic', name: 'a' };
    expect(
      await alter(kit, [topic([change('retention.ms', SET, '5'), change('cleanup.policy', APPEND, 'compact')])]),
    ).toEqual(['NONE']);
    // Appending begins with the default.
    expect(values(kit, own)).toEqual({ 'retention.ms': '5', 'cleanup.policy': 'delete,compact' });
    await alter(kit, [topic([change('cleanup.policy', SUBTRACT, 'delete'), change('retention.ms', DELETE)])]);
    expect(values(kit, own)).toEqual({ 'cleanup.policy': 'compact' });
  });

  test('writes no record where nothing changes, except for brokers', async () => {
    const kit = await ControllerKit.withBrokers([1]);
    await kit.assign('a', [[1]], { 'retention.ms': '5' });
    const before = kit.journal.endOffset;
    await alter(kit, [topic([change('retention.ms', SET, '5'), change('cleanup.policy', DELETE)])]);
    expect(kit.journal.endOffset).toBe(before);
    const broker = { resourceType: BROKER, resourceName: '1', configs: [change('ssl.keystore.location', SET, '/k')] };
    await alter(kit, [broker]);
    await alter(kit, [broker]);
    expect(kit.journal.endOffset).toBe(before + 2);
  });

  test('takes the cluster-wide default, registered brokers and controllers', async () => {
    const kit = await ControllerKit.withBrokers([1]);
    const broker = (resourceName: string): Wish => ({
      resourceType: BROKER,
      resourceName,
      configs: [change('log.cleaner.threads', SET, '2')],
    });
    expect(await alter(kit, ['', '1', '100', '7', 'x', '-1'].map(broker))).toEqual([
      'NONE',
      'NONE',
      'NONE',
      'BROKER_ID_NOT_REGISTERED: No node with id 7 found.',
      'INVALID_REQUEST: Unable to parse broker name as a base 10 number.',
      'INVALID_REQUEST: Invalid negative broker ID.',
    ]);
    expect(values(kit, { type: 'broker', name: '' })).toEqual({ 'log.cleaner.threads': '2' });
  });

  test('refuses what it cannot do, resource by resource', async () => {
    const kit = await ControllerKit.withBrokers([1]);
    await kit.assign('a', [[1]]);
    expect(
      await alter(kit, [
        topic([change('nonsense', SET, '1')]),
        topic([change('retention.ms', SET, '1')], 'missing'),
        topic([], ''),
        { resourceType: 99, resourceName: 'x', configs: [] },
        { resourceType: 32, resourceName: 'group', configs: [] },
      ]),
    ).toEqual([
      'UNSUPPORTED_VERSION: Unknown resource type 99.',
      'UNSUPPORTED_VERSION: Unknown resource type 32.',
      'INVALID_CONFIG: Unknown topic config name: nonsense',
      "UNKNOWN_TOPIC_OR_PARTITION: The topic 'missing' does not exist.",
      'INVALID_REQUEST: Default topic resources are not allowed.',
    ]);
    expect(await alter(kit, [topic([change('retention.ms', APPEND, '1')])])).toEqual([
      "INVALID_CONFIG: Can't APPEND to key retention.ms because its type is not LIST.",
    ]);
    expect(await alter(kit, [topic([]), topic([])])).toEqual(['INVALID_REQUEST: Duplicate resource.']);
    expect(await alter(kit, [topic([change('retention.ms', 9, '1')])])).toEqual([
      'INVALID_REQUEST: Unknown operation 9 on key retention.ms.',
    ]);
  });

  test('checks only, when asked to', async () => {
    const kit = await ControllerKit.withBrokers([1]);
    await kit.assign('a', [[1]]);
    expect(await alter(kit, [topic([change('retention.ms', SET, '1')])], true)).toEqual(['NONE']);
    expect(values(kit, { type: 'topic', name: 'a' })).toEqual({});
  });

  test('keeps client-metrics subscriptions', async () => {
    const kit = await ControllerKit.withBrokers([1]);
    const configs = [change('interval.ms', SET, '1000')];
    expect(await alter(kit, [{ resourceType: 16, resourceName: 'sub', configs }])).toEqual(['NONE']);
    expect(values(kit, { type: 'client-metrics', name: 'sub' })).toEqual({ 'interval.ms': '1000' });
  });

  test('asks for the right on the topic, or on the cluster', async () => {
    let allows = true;
    const kit = await ControllerKit.withBrokers([1], { authorize: () => allows });
    await kit.assign('a', [[1]]);
    allows = false;
    const rows = await alter(kit, [topic([]), { resourceType: BROKER, resourceName: '', configs: [] }]);
    expect(rows.map((row) => row.split(':')[0])).toEqual([
      'TOPIC_AUTHORIZATION_FAILED',
      'CLUSTER_AUTHORIZATION_FAILED',
    ]);
  });
});

describe('AlterConfigs', () => {
  test('replaces the whole configuration', async () => {
    const kit = await ControllerKit.withBrokers([1]);
    await kit.assign('a', [[1]], { 'retention.ms': '5', 'cleanup.policy': 'compact' });
    const resources = [
      { resourceType: TOPIC, resourceName: 'a', configs: [{ name: 'cleanup.policy', value: 'delete' }] },
    ];
    const { responses } = await kit.call(alterConfigsRequest, alterConfigsResponse, { resources });
    expect(responses[0]?.errorCode).toBe(0);
    expect(values(kit, { type: 'topic', name: 'a' })).toEqual({ 'cleanup.policy': 'delete' });
  });
});

describe('UpdateFeatures', () => {
  const update = async (
    kit: ControllerKit,
    feature: string,
    maxVersionLevel: number,
    upgradeType = 1,
    validateOnly = false,
  ) => {
    const { results } = await kit.call(updateFeaturesRequest, updateFeaturesResponse, {
      featureUpdates: [{ feature, maxVersionLevel, upgradeType }],
      validateOnly,
    });
    return errorName(results[0]?.errorCode ?? -1).concat(
      results[0]?.errorMessage ? `: ${results[0].errorMessage}` : '',
    );
  };
  const MV = 'metadata.version';

  test('raises metadata.version, and records take their new versions', async () => {
    const kit = await ControllerKit.withBrokers([1], { metadataLevel: 16 });
    await kit.assign('a', [[1]]);
    expect(kit.lastRecords().at(-1)).toMatchObject({ type: 'PartitionRecord', version: 0 });
    expect(await update(kit, MV, 21, 1, true)).toBe('NONE');
    expect(kit.loader.image.metadataLevel).toBe(16);
    expect(await update(kit, MV, 21)).toBe('NONE');
    expect(kit.loader.image.metadataLevel).toBe(21);
    await kit.assign('b', [[1]]);
    expect(kit.lastRecords().at(-1)).toMatchObject({ type: 'PartitionRecord', version: 1 });
  });

  test('lowers it only where no record changed in between', async () => {
    const kit = await ControllerKit.withBrokers([1]);
    expect(await update(kit, MV, 17, 2)).toBe('NONE');
    expect(await update(kit, MV, 16, 2)).toBe(
      'INVALID_UPDATE_VERSION: Invalid metadata.version 16. Refusing to perform the requested downgrade because it might delete metadata information.',
    );
    expect(await update(kit, MV, 16, 3)).toBe(
      'INVALID_UPDATE_VERSION: Invalid metadata.version 16. Unsafe metadata downgrade is not supported in this version.',
    );
  });

  test.each<[string, number, number, string]>([
    [
      MV,
      20,
      1,
      "Can't downgrade the version of this feature without setting the upgrade type to either safe or unsafe downgrade.",
    ],
    [MV, 22, 1, 'Local controller 100 only supports versions 1-21'],
    [MV, 3, 3, 'Unable to set a metadata.version less than 3.3-IV0'],
    ['nonsense', 1, 1, 'Local controller 100 does not support this feature.'],
    [MV, 21, 0, 'The controller does not support the given upgrade type.'],
    [MV, -1, 1, 'A feature version cannot be less than 0.'],
  ])('refuses %s at %i as kind %i', async (feature, level, kind, reason) => {
    const kit = await ControllerKit.withBrokers([1]);
    const answer = await update(kit, feature, level, kind);
    expect(answer).toMatch(/^INVALID_UPDATE_VERSION/);
    expect(answer.endsWith(reason)).toBe(true);
  });

  test('asks all brokers', async () => {
    const kit = await ControllerKit.withBrokers([1], { metadataLevel: 16 });
    await kit.startBroker(2, { features: [{ name: MV, minSupportedVersion: 1, maxSupportedVersion: 20 }] });
    expect(await update(kit, MV, 21)).toContain('Broker 2 only supports versions 1-20');
    expect(await update(kit, MV, 20)).toBe('NONE');
  });
});
