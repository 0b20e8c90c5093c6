import { writeFileSync } from 'node:fs';
import { configurationPage } from './configuration-page.ts';

// Writes the page of all settings from their table.
writeFileSync(new URL('../../../docs/configuration.md', import.meta.url), configurationPage());
console.log('docs/configuration.md written');
