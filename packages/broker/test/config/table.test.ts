import { readFileSync } from 'node:fs';
import { PLANE_KEYS } from '@biquorum/control-plane';
import { describe, expect, it } from 'vitest';
import { AREAS, configurationPage } from '../../scripts/configuration-page.ts';
import { BROKER_KEYS } from '../../src/config/broker-keys.ts';
import { readValue } from '../../src/config/read-value.ts';
import { TOPIC_CONFIGS } from '../../src/config/topic-configs.ts';

describe('the table of settings', () => {
  it('has the 315 that Kafka 3.9 lists for brokers, the 14 that it does not, and the 36 of topics', () => {
    expect(BROKER_KEYS.filter(({ internal }) => internal === undefined)).toHaveLength(315);
    expect(BROKER_KEYS.filter(({ internal }) => internal)).toHaveLength(14);
    expect(TOPIC_CONFIGS).toHaveLength(36);
  });

  it('has each setting once, those of the planes among them', () => {
    const names = BROKER_KEYS.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(names).toEqual(expect.arrayContaining(PLANE_KEYS.map(({ name }) => name)));
    expect(new Set(TOPIC_CONFIGS.map(({ name }) => name)).size).toBe(36);
  });

  it('says why a setting is not effective, and only then', () => {
    for (const { name, support, because } of [...BROKER_KEYS, ...TOPIC_CONFIGS]) {
      expect(because === undefined, name).toBe(support === 'effective');
    }
  });

  it('has defaults that can be read as their rows demand', () => {
    for (const entry of [...BROKER_KEYS, ...TOPIC_CONFIGS]) {
      if (entry.defaultValue === null) continue;
      expect(readValue(entry, entry.defaultValue), entry.name).toMatchObject({ ok: true, text: entry.defaultValue });
    }
  });

  it('names settings of brokers, and none else, as the defaults of topics', () => {
    const names = new Set(BROKER_KEYS.map(({ name }) => name));
    for (const { synonyms } of TOPIC_CONFIGS) for (const { name } of synonyms) expect(names).toContain(name);
  });
});

describe('the page of all settings', () => {
  it('is made from the table as it is now; run `pnpm generate` in packages/broker if not', () => {
    const page = readFileSync(new URL('../../../../docs/configuration.md', import.meta.url), 'utf8');
    expect(page === configurationPage(), 'docs/configuration.md is out of date').toBe(true);
  });

  it('shows every setting of the table', () => {
    const shown = AREAS.flatMap(({ table }) => table.map(({ name }) => name));
    expect(shown.sort()).toEqual(BROKER_KEYS.map(({ name }) => name));
  });
});
