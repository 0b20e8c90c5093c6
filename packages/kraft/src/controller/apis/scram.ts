import {
  type AlterUserScramCredentialsRequest,
  type AlterUserScramCredentialsResponse,
  alterUserScramCredentialsRequest,
  alterUserScramCredentialsResponse,
} from '@biquorum/kafka-wire/messages/alter-user-scram-credentials';
import { alterScramCredentials, rowOf } from '../scram.ts';
import type { ApiDefinition } from './api.ts';

export const alterUserScramCredentialsApi: ApiDefinition<
  AlterUserScramCredentialsRequest,
  AlterUserScramCredentialsResponse
> = {
  request: alterUserScramCredentialsRequest,
  response: alterUserScramCredentialsResponse,
  needs: 'Alter',
  respond: (host, body) => host.decide((situation) => alterScramCredentials(situation, body)),
  fail: (failure, { deletions, upsertions }) => ({
    results: [...new Set([...deletions, ...upsertions].map(({ name }) => name))].map((name) => rowOf(name, failure)),
  }),
};
