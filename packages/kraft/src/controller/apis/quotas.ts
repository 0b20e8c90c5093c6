import {
  type AlterClientQuotasRequest,
  type AlterClientQuotasResponse,
  alterClientQuotasRequest,
  alterClientQuotasResponse,
} from '@biquorum/kafka-wire/messages/alter-client-quotas';
import { alterClientQuotas, rowOf } from '../quotas.ts';
import type { ApiDefinition } from './api.ts';

export const alterClientQuotasApi: ApiDefinition<AlterClientQuotasRequest, AlterClientQuotasResponse> = {
  request: alterClientQuotasRequest,
  response: alterClientQuotasResponse,
  needs: 'AlterConfigs',
  async respond(host, body) {
    if (body.entries.length === 0) return {};
    return await host.decide((situation) => alterClientQuotas(situation, body));
  },
  fail: (failure, { entries }) => ({ entries: entries.map((entry) => rowOf(entry, failure)) }),
};
