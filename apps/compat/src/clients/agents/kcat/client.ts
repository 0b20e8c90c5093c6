import type { Client } from '../../agent-protocol.ts';
import { KcatAgent } from './agent.ts';
import { findKcat } from './install.ts';

export const client: Client = {
  id: 'kcat',
  kinship: 'librdkafka',
  unpinned: true,
  async prepare({ cache }) {
    const kcat = await findKcat(cache);
    return (bootstrap) => KcatAgent.start(kcat, bootstrap);
  },
};
