import type { Client } from '../../agent-protocol.ts';
import { ApacheToolsAgent } from './agent.ts';
import { prepareTools } from './tools.ts';

/** Apache's own command-line tools, which stand on its Java client. */
export const client: Client = {
  id: 'apache-tools',
  kinship: 'java',
  async prepare({ java, scratch }) {
    const tools = prepareTools(await java(), scratch);
    const version = (await tools.run('kafka-topics', ['--version'])).lines.at(-1) ?? '';
    return async (bootstrap) => new ApacheToolsAgent(tools, bootstrap, version);
  },
};
