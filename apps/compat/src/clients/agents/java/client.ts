import type { Client } from '../../agent-protocol.ts';
import { startProcessAgent } from '../../process-agent.ts';

/** Apache's own client. Source of the agent: `java/src/biquorum/agent`. */
export const client: Client = {
  id: 'java',
  kinship: 'java',
  async prepare({ java: prepare }) {
    const java = await prepare();
    const args = java.arguments('biquorum.agent.Agent', []);
    return (bootstrap) => startProcessAgent({ command: 'java', args }, bootstrap);
  },
};
