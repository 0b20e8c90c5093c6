import type { Client } from '../../agent-protocol.ts';
import { startProcessAgent } from '../../process-agent.ts';
import { nodeAgent } from '../javascript/program.ts';

export const client: Client = {
  id: 'kafkajs',
  kinship: 'kafkajs',
  async prepare() {
    return (bootstrap) => startProcessAgent(nodeAgent(import.meta.dirname), bootstrap);
  },
};
