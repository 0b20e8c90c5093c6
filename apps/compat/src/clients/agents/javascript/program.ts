import { extname, join } from 'node:path';
import type { AgentCommand } from '../../process-agent.ts';

/** Runs `agent` of a folder with the Node, and from the sources or the build, that runs this. */
export function nodeAgent(directory: string): AgentCommand {
  return {
    command: process.execPath,
    args: [...process.execArgv, join(directory, `agent${extname(import.meta.filename)}`)],
  };
}
