import { errorCode } from '@biquorum/kafka-wire';
import {
  type AlterUserScramCredentialsRequest,
  type AlterUserScramCredentialsResponse,
  alterUserScramCredentialsRequest,
  alterUserScramCredentialsResponse,
} from '@biquorum/kafka-wire/messages/alter-user-scram-credentials';
import {
  type DescribeUserScramCredentialsRequest,
  type DescribeUserScramCredentialsResponse,
  describeUserScramCredentialsRequest,
  describeUserScramCredentialsResponse,
} from '@biquorum/kafka-wire/messages/describe-user-scram-credentials';
import { describeScram } from '@biquorum/metadata';
import { Refused } from '../faults.ts';
import { alterScramCredentials, readScramCredentials } from '../scram-users.ts';
import type { ApiDefinition } from './api.ts';

/** Any broker reads it from ZooKeeper (KIP-554). Source: Java `ZkAdminManager.describeUserScramCredentials`. */
export const describeUserScramCredentialsApi: ApiDefinition<
  DescribeUserScramCredentialsRequest,
  DescribeUserScramCredentialsResponse
> = {
  request: describeUserScramCredentialsRequest,
  response: describeUserScramCredentialsResponse,
  needs: 'Describe',
  async respond({ session }, { users }) {
    if (session === undefined) throw new Refused('COORDINATOR_NOT_AVAILABLE');
    const asked = (users ?? []).map(({ name }) => name);
    const known = await readScramCredentials(session, asked.length > 0 ? asked : undefined);
    const rows = describeScram(asked, [...known.keys()], (user) => known.get(user) ?? []);
    const results = rows.map((row) =>
      'infos' in row
        ? { user: row.user, credentialInfos: [...row.infos] }
        : { user: row.user, errorCode: errorCode(row.fault.error), errorMessage: row.fault.message },
    );
    return { results };
  },
  fail: ({ code, message }) => ({ errorCode: code, errorMessage: message, results: [] }),
};

/** The active controller alone does it. Source: Java `KafkaApis.handleAlterUserScramCredentialsRequest` of 3.9. */
export const alterUserScramCredentialsApi: ApiDefinition<
  AlterUserScramCredentialsRequest,
  AlterUserScramCredentialsResponse
> = {
  request: alterUserScramCredentialsRequest,
  response: alterUserScramCredentialsResponse,
  needs: 'Alter',
  async respond(controller, body) {
    const outcomes = await controller.decide('AlterUserScramCredentials', () => {
      const { session } = controller;
      if (session === undefined) throw new Refused('NOT_CONTROLLER');
      return alterScramCredentials(session, body);
    });
    const results = [...outcomes].map(([user, { error, message }]) => {
      return { user, errorCode: errorCode(error), errorMessage: message };
    });
    return { results };
  },
  fail: ({ code, message }, { deletions, upsertions }) => ({
    results: [...new Set([...deletions, ...upsertions].map(({ name }) => name))].map((user) => {
      return { user, errorCode: code, errorMessage: message };
    }),
  }),
};
