import { existsSync, readdirSync } from 'node:fs';
import { extname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Client } from './agent-protocol.ts';

/**
 * The clients: every folder under `agents` with a module `client` exports one under that name. Sorted by id.
 *
 * @throws Error if a module exports none, or two have the same id
 */
export async function findClients(): Promise<readonly Client[]> {
  const agents = join(import.meta.dirname, 'agents');
  const clients: Client[] = [];
  for (const folder of readdirSync(agents).sort()) {
    const file = join(agents, folder, `client${extname(import.meta.filename)}`);
    if (!existsSync(file)) continue;
    const module: { readonly client?: Client } = await import(pathToFileURL(file).href);
    if (module.client === undefined) throw new Error(`agents/${folder}/client must export a client`);
    clients.push(module.client);
  }
  const twice = clients.find(({ id }, index) => clients.findIndex((it) => it.id === id) !== index);
  if (twice !== undefined) throw new Error(`two clients are called ${twice.id}`);
  return clients.sort((one, other) => (one.id < other.id ? -1 : 1));
}
