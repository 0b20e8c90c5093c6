import { pbkdf2Sync } from 'node:crypto';
import { errorName, type Init } from '@biquorum/kafka-wire';
import {
  type AlterUserScramCredentialsRequest,
  alterUserScramCredentialsRequest,
  alterUserScramCredentialsResponse,
} from '@biquorum/kafka-wire/messages/alter-user-scram-credentials';
import {
  describeUserScramCredentialsRequest,
  describeUserScramCredentialsResponse,
} from '@biquorum/kafka-wire/messages/describe-user-scram-credentials';
import { expect, test } from 'vitest';
import { describeScramCredentials } from '../../src/plane/scram-credentials.ts';
import { ControllerKit, type KitOptions } from './support/controller-kit.ts';

// Errors and their order are those of Java's ScramControlManager and ScramImage of 3.9.2.
const SALT = Uint8Array.from(Buffer.from('W22ZaJ0SNY7soEsUEjb6gQ==', 'base64'));
const [SHA_256, SHA_512] = [1, 2];

function upsertion(name: string, mechanism: number, iterations: number = 4_096) {
  const saltedPassword = Uint8Array.from(pbkdf2Sync('pencil', SALT, 4_096, 32, 'sha256'));
  return { name, mechanism, iterations, salt: SALT, saltedPassword };
}

async function alter(kit: ControllerKit, body: Init<AlterUserScramCredentialsRequest>) {
  const { results } = await kit.call(alterUserScramCredentialsRequest, alterUserScramCredentialsResponse, body);
  return Object.fromEntries(results.map((result) => [result.user, errorName(result.errorCode)]));
}

function describe(kit: ControllerKit, users: readonly string[] | null) {
  const body = describeUserScramCredentialsRequest.toBytes({ users: users?.map((name) => ({ name })) ?? null }, 0);
  const answer = describeScramCredentials(kit.loader.image, 0, body);
  return describeUserScramCredentialsResponse.fromBytes(answer, 0).results.map((row) => {
    const infos = row.credentialInfos.map(({ mechanism, iterations }) => [mechanism, iterations]);
    return [row.user, row.errorCode === 0 ? infos : errorName(row.errorCode)];
  });
}

test("keeps what RFC 7677's example keeps of a password, and removes it", async () => {
  const kit = await ControllerKit.withBrokers([]);
  expect(await alter(kit, { upsertions: [upsertion('user', SHA_256)] })).toEqual({ user: 'NONE' });
  const [kept] = [...kit.loader.image.scram.values()];
  // The server's signature of the example proves its key.
  expect(Buffer.from(kept?.storedKey ?? []).toString('base64')).toBe('WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=');
  expect(Buffer.from(kept?.serverKey ?? []).toString('base64')).toBe('wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=');
  expect(describe(kit, null)).toEqual([['user', [[SHA_256, 4_096]]]]);

  expect(await alter(kit, { upsertions: [upsertion('user', SHA_512, 8_192)] })).toEqual({ user: 'NONE' });
  expect(describe(kit, ['user'])).toEqual([
    [
      'user',
      [
        [SHA_256, 4_096],
        [SHA_512, 8_192],
      ],
    ],
  ]);
  expect(await alter(kit, { deletions: [{ name: 'user', mechanism: SHA_256 }] })).toEqual({ user: 'NONE' });
  expect(await alter(kit, { deletions: [{ name: 'user', mechanism: SHA_256 }] })).toEqual({
    user: 'RESOURCE_NOT_FOUND',
  });
  expect(describe(kit, [])).toEqual([['user', [[SHA_512, 8_192]]]]);
});

test('refuses what cannot be a credential, and does the rest of the request', async () => {
  const kit = await ControllerKit.withBrokers([]);
  const outcomes = await alter(kit, {
    deletions: [
      { name: 'unknown', mechanism: SHA_256 },
      { name: 'strange', mechanism: 7 },
    ],
    upsertions: [
      upsertion('', SHA_256),
      upsertion('few', SHA_256, 4_095),
      upsertion('many', SHA_512, 16_385),
      upsertion('none', 0),
      { ...upsertion('blank', SHA_256), saltedPassword: new Uint8Array() },
      upsertion('twice', SHA_256),
      upsertion('twice', SHA_512),
      upsertion('unknown', SHA_512),
      upsertion('fine', SHA_512),
    ],
  });
  expect(outcomes).toEqual({
    unknown: 'RESOURCE_NOT_FOUND',
    strange: 'UNSUPPORTED_SASL_MECHANISM',
    '': 'UNACCEPTABLE_CREDENTIAL',
    few: 'UNACCEPTABLE_CREDENTIAL',
    many: 'UNACCEPTABLE_CREDENTIAL',
    none: 'UNSUPPORTED_SASL_MECHANISM',
    blank: 'UNKNOWN_SERVER_ERROR',
    twice: 'DUPLICATE_RESOURCE',
    fine: 'NONE',
  });
  expect(describe(kit, null)).toEqual([['fine', [[SHA_512, 4_096]]]]);
});

test('tells of users who are asked for twice or have no password', async () => {
  const kit = await ControllerKit.withBrokers([]);
  await alter(kit, { upsertions: [upsertion('alice', SHA_256)] });
  expect(describe(kit, ['alice', 'bob', 'carol', 'carol'])).toEqual([
    ['alice', [[SHA_256, 4_096]]],
    ['bob', 'RESOURCE_NOT_FOUND'],
    ['carol', 'DUPLICATE_RESOURCE'],
  ]);
});

test('tells whoever may not know nothing but that', () => {
  const body = describeUserScramCredentialsRequest.toBytes({ users: [{ name: 'alice' }] }, 0);
  const answer = describeUserScramCredentialsResponse.fromBytes(describeScramCredentials(undefined, 0, body), 0);
  expect(errorName(answer.errorCode)).toBe('CLUSTER_AUTHORIZATION_FAILED');
  expect(answer.results.map(({ user, credentialInfos }) => [user, credentialInfos])).toEqual([['', []]]);
});

test.each<[string, KitOptions, string]>([
  ['at a level of the metadata without SCRAM', { metadataLevel: 10 }, 'UNSUPPORTED_VERSION'],
  ['from whom the cluster may not be altered', { authorize: () => false }, 'CLUSTER_AUTHORIZATION_FAILED'],
])('is refused %s', async (_, options, error) => {
  const kit = await ControllerKit.withBrokers([], options);
  expect(await alter(kit, { upsertions: [upsertion('alice', SHA_256)] })).toEqual({ alice: error });
});
