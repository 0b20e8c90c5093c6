import type { Client } from '../../agent-protocol.ts';
import { startProcessAgent } from '../../process-agent.ts';
import { buildAgent } from './build.ts';

/** The Go client of Travis Bischel. Source of the agent: `go`. */
export const client: Client = {
  id: 'franz-go',
  kinship: 'franz-go',
  async prepare({ cache, scratch }) {
    const command = await buildAgent(cache, scratch);
    return (bootstrap) => startProcessAgent({ command, args: [] }, bootstrap);
  },
};
