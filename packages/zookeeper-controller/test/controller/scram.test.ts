import { createHash, createHmac, pbkdf2Sync } from 'node:crypto';
import { errorName } from '@biquorum/kafka-wire';
import {
  type AlterUserScramCredentialsRequest,
  alterUserScramCredentialsRequest,
  alterUserScramCredentialsResponse,
} from '@biquorum/kafka-wire/messages/alter-user-scram-credentials';
import {
  describeUserScramCredentialsRequest,
  describeUserScramCredentialsResponse,
} from '@biquorum/kafka-wire/messages/describe-user-scram-credentials';
import { describe, expect, it } from 'vitest';
import { GovernedCluster } from './support/governed-cluster.ts';

const [SHA_256, SHA_512] = [1, 2];
const SALT = Buffer.from('0123456789abcdef');
type Upsertion = AlterUserScramCredentialsRequest['upsertions'][number];

function password(name: string, mechanism: number = SHA_256, iterations: number = 4_096): Upsertion {
  const hash = mechanism === SHA_256 ? 'sha256' : 'sha512';
  const saltedPassword = pbkdf2Sync('secret', SALT, iterations, mechanism === SHA_256 ? 32 : 64, hash);
  return { name, mechanism, iterations, salt: SALT, saltedPassword };
}

/** What Java writes into the znode. Source: RFC 5802; `ScramCredentialUtils.credentialToString`. */
function written({ saltedPassword, mechanism, iterations }: Upsertion): string {
  const hash = mechanism === SHA_256 ? 'sha256' : 'sha512';
  const keyed = (text: string): Buffer => createHmac(hash, saltedPassword).update(text).digest();
  const storedKey = createHash(hash).update(keyed('Client Key')).digest('base64');
  const serverKey = keyed('Server Key').toString('base64');
  return `salt=${SALT.toString('base64')},stored_key=${storedKey},server_key=${serverKey},iterations=${iterations}`;
}

async function alter(
  cluster: GovernedCluster,
  upsertions: readonly Upsertion[],
  deletions: readonly { readonly name: string; readonly mechanism: number }[] = [],
  broker = cluster.governor,
): Promise<Record<string, string>> {
  const { results } = await cluster.ask(broker, alterUserScramCredentialsRequest, alterUserScramCredentialsResponse, {
    upsertions: [...upsertions],
    deletions: [...deletions],
  });
  return Object.fromEntries(results.map(({ user, errorCode }) => [user, errorName(errorCode)]));
}

async function told(
  cluster: GovernedCluster,
  broker: GovernedCluster['governor'],
  users: readonly string[] | null,
): Promise<unknown> {
  const { results } = await cluster.ask(
    broker,
    describeUserScramCredentialsRequest,
    describeUserScramCredentialsResponse,
    { users: users === null ? null : users.map((name) => ({ name })) },
  );
  return Object.fromEntries(
    results.map(({ user, errorCode, credentialInfos }) => {
      const infos = credentialInfos.map(({ mechanism, iterations }) => [mechanism, iterations]);
      return [user, errorCode === 0 ? infos : errorName(errorCode)];
    }),
  );
}

describe('SCRAM credentials', () => {
  it('lie in the configuration of users as Kafka writes them, and every broker tells of them', () =>
    GovernedCluster.run(2, async (cluster) => {
      const [strong, plain, odd] = [password('ann', SHA_512, 8_192), password('ann'), password('a user/with:signs')];
      expect(await alter(cluster, [strong, plain, odd])).toEqual({ ann: 'NONE', 'a user/with:signs': 'NONE' });
      expect(cluster.znode('/config/users/ann')).toEqual({
        version: 1,
        config: { 'SCRAM-SHA-512': written(strong), 'SCRAM-SHA-256': written(plain) },
      });
      expect(cluster.hasZnode('/config/users/a%20user%2Fwith%3Asigns')).toBe(true);
      for (const broker of [cluster.broker(1), cluster.broker(2)]) {
        expect(await told(cluster, broker, null)).toEqual({
          ann: [
            [SHA_256, 4_096],
            [SHA_512, 8_192],
          ],
          'a user/with:signs': [[SHA_256, 4_096]],
        });
        expect(await told(cluster, broker, ['nobody', 'twice', 'twice'])).toEqual({
          nobody: 'RESOURCE_NOT_FOUND',
          twice: 'DUPLICATE_RESOURCE',
        });
      }
      expect(await alter(cluster, [], [{ name: 'ann', mechanism: SHA_512 }])).toEqual({ ann: 'NONE' });
      expect(await told(cluster, cluster.broker(2), ['ann'])).toEqual({ ann: [[SHA_256, 4_096]] });
    }));

  it('are refused where Kafka refuses them, and nothing of that user is written', () =>
    GovernedCluster.run(2, async (cluster) => {
      const other = cluster.broker(cluster.governor === cluster.broker(1) ? 2 : 1);
      expect(await alter(cluster, [password('ann')], [], other)).toEqual({ ann: 'NOT_CONTROLLER' });
      const weak = { ...password('weak'), iterations: 4_095 };
      const slow = { ...password('slow'), iterations: 16_385 };
      const strange = { ...password('strange'), mechanism: 9 };
      const gone = { name: 'gone', mechanism: SHA_256 };
      const twice = [password('twice'), password('twice')];
      const spoiled = [password('spoiled'), { ...password('spoiled', SHA_512), iterations: 1 }];
      expect(await alter(cluster, [password(''), weak, slow, strange, ...twice, ...spoiled], [gone])).toEqual({
        '': 'UNACCEPTABLE_CREDENTIAL',
        weak: 'UNACCEPTABLE_CREDENTIAL',
        slow: 'UNACCEPTABLE_CREDENTIAL',
        strange: 'UNSUPPORTED_SASL_MECHANISM',
        twice: 'DUPLICATE_RESOURCE',
        spoiled: 'UNACCEPTABLE_CREDENTIAL',
        gone: 'RESOURCE_NOT_FOUND',
      });
      expect(await told(cluster, cluster.broker(1), null)).toEqual({});
    }));
});
