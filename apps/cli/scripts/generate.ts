/** Writes `docs/command-line.md`: what the commands say of themselves. */
import { writeFileSync } from 'node:fs';
import { commands } from '../src/commands/index.ts';
import { commandLinePage } from '../src/documentation.ts';

writeFileSync(new URL('../../../docs/command-line.md', import.meta.url), await commandLinePage(commands));
console.log('docs/command-line.md written');
