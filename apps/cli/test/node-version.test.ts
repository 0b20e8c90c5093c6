import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { nodeVersionFault } from '../src/node-version.ts';

it('versions of Node are those that packages name as their engines', () => {
  const engines = JSON.parse(readFileSync(new URL('../../../packages/cluster/package.json', import.meta.url), 'utf8'))
    .engines.node;
  expect(engines).toBe('^22.18.0 || ^24.0.0 || >=26.0.0');
  for (const version of ['22.18.0', '22.23.1', '24.0.0', '24.21.0', '26.0.0', '27.1.0', '30.0.0']) {
    expect(nodeVersionFault(version, 'main.js'), version).toBeUndefined();
  }
  for (const version of ['18.20.8', '20.20.2', '21.7.3', '22.9.0', '22.17.1', '23.11.0', '25.1.0', '2.4.0']) {
    expect(nodeVersionFault(version, 'main.js'), version).toContain(`this is ${version}`);
  }
});
