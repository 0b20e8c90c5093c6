import { join } from 'node:path';
import type { Client } from '../../agent-protocol.ts';
import { startProcessAgent } from '../../process-agent.ts';
import { preparePython } from '../python/prepare.ts';

export const client: Client = {
  id: 'confluent-kafka',
  kinship: 'librdkafka',
  async prepare({ cache }) {
    const command = await preparePython(cache);
    return (bootstrap) => startProcessAgent({ command, args: [join(import.meta.dirname, 'agent.py')] }, bootstrap);
  },
};
