import { writeFileSync } from 'node:fs';
import { configurationPage } from './configuration-page.ts';

// Writes the page of all settings from their table.
writeFileSync(new URL('../../../docs/zookeeper-configuration.md', import.meta.url), configurationPage());
console.log('docs/zookeeper-configuration.md written');
