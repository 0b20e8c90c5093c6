import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The version that all packages of Biquorum share, read from one of them. */
export function readVersion(): string {
  for (let at = new URL(import.meta.resolve('@biquorum/kafka-wire')); at.pathname !== '/'; at = new URL('..', at)) {
    const manifest = fileURLToPath(new URL('package.json', at));
    if (existsSync(manifest)) return (JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }).version;
  }
  throw new Error('No package.json above @biquorum/kafka-wire. Install the packages again.');
}
