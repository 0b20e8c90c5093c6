import { errorName } from '@biquorum/kafka-wire';
import { alterClientQuotasRequest, alterClientQuotasResponse } from '@biquorum/kafka-wire/messages/alter-client-quotas';
import { describe, expect, test } from 'vitest';
import { ControllerKit } from './support/controller-kit.ts';

type Entity = Readonly<Record<string, string | null>>;
type Limits = Readonly<Record<string, number | null>>;

async function alter(kit: ControllerKit, entries: readonly (readonly [Entity, Limits])[], validateOnly = false) {
  const response = await kit.call(alterClientQuotasRequest, alterClientQuotasResponse, {
    entries: entries.map(([entity, limits]) => ({
      entity: Object.entries(entity).map(([entityType, entityName]) => ({ entityType, entityName })),
      ops: Object.entries(limits).map(([key, value]) => ({ key, value: value ?? 0, remove: value === null })),
    })),
    validateOnly,
  });
  return response.entries.map(({ errorCode }) => errorName(errorCode));
}

function limits(kit: ControllerKit): unknown[] {
  return [...kit.loader.image.quotas.values()].map((quotas) => [
    Object.fromEntries(quotas.entity.map(({ entityType, entityName }) => [entityType, entityName])),
    Object.fromEntries(quotas.limits),
  ]);
}

describe('AlterClientQuotas', () => {
  test('sets and removes limits of users, clients, both and addresses', async () => {
    const kit = await ControllerKit.withBrokers([]);
    const both = { user: 'alice', 'client-id': null };
    expect(
      await alter(kit, [
        [both, { producer_byte_rate: 5, request_percentage: 0.5 }],
        [{ ip: '10.0.0.1' }, { connection_creation_rate: 3 }],
      ]),
    ).toEqual(['NONE', 'NONE']);
    expect(limits(kit)).toHaveLength(2);
    expect(limits(kit)).toContainEqual([both, { producer_byte_rate: 5, request_percentage: 0.5 }]);
    // The order of an entity's parts means nothing.
    await alter(kit, [[{ 'client-id': null, user: 'alice' }, { producer_byte_rate: null }]]);
    expect(limits(kit)).toContainEqual([both, { request_percentage: 0.5 }]);
    await alter(kit, [[both, { request_percentage: null }]]);
    expect(limits(kit)).toHaveLength(1);
  });

  test('writes no record where nothing changes, or when it only checks', async () => {
    const kit = await ControllerKit.withBrokers([]);
    await alter(kit, [[{ user: 'a' }, { producer_byte_rate: 5 }]]);
    const before = kit.journal.endOffset;
    await alter(kit, [[{ user: 'a' }, { producer_byte_rate: 5, consumer_byte_rate: null }]]);
    await alter(kit, [[{ user: 'a' }, { producer_byte_rate: 6 }]], true);
    expect(kit.journal.endOffset).toBe(before);
  });

  test('takes a whole number that a double just misses', async () => {
    const kit = await ControllerKit.withBrokers([]);
    expect(await alter(kit, [[{ user: 'a' }, { producer_byte_rate: 4.999_999_9 }]])).toEqual(['NONE']);
  });

  test.each<[string, Entity, Limits]>([
    ['no entity', {}, { producer_byte_rate: 1 }],
    ['an unknown kind of entity', { planet: 'x' }, { producer_byte_rate: 1 }],
    ['an empty name', { user: '' }, { producer_byte_rate: 1 }],
    ['an address together with a user', { ip: '10.0.0.1', user: 'a' }, { connection_creation_rate: 1 }],
    ['a name instead of an address', { ip: 'not an address' }, { connection_creation_rate: 1 }],
    ['a key of another kind of entity', { user: 'a' }, { connection_creation_rate: 1 }],
    ['zero', { user: 'a' }, { producer_byte_rate: 0 }],
    ['half a byte', { user: 'a' }, { producer_byte_rate: 1.5 }],
    ['more than an int', { ip: null }, { connection_creation_rate: 2 ** 31 }],
  ])('refuses %s', async (_, entity, wish) => {
    expect(await alter(await ControllerKit.withBrokers([]), [[entity, wish]])).toEqual(['INVALID_REQUEST']);
  });
});
