import type { ApiRange } from '@biquorum/control-plane';
import { describe, expect, it } from 'vitest';
import { announce } from '../../src/plane/announcement.ts';

/** What ApiVersions says on a broker of Apache Kafka 3.9.2 in ZooKeeper mode, as recorded. */
const APACHE =
  '0:0-11 1:0-17 2:0-9 3:0-12 4:0-7 5:0-4 6:0-8 7:0-3 8:0-9 9:0-9 10:0-6 11:0-9 12:0-4 13:0-5 14:0-5 15:0-5 16:0-5 ' +
  '17:0-1 18:0-4 19:0-7 20:0-6 21:0-2 22:0-5 23:0-4 24:0-5 25:0-4 26:0-4 27:0-1 28:0-4 29:0-3 30:0-3 31:0-3 32:0-4 ' +
  '33:0-2 34:0-2 35:0-4 36:0-2 37:0-3 38:0-3 39:0-2 40:0-2 41:0-3 42:0-2 43:0-2 44:0-1 45:0-0 46:0-0 47:0-0 48:0-1 ' +
  '49:0-1 50:0-0 51:0-0 56:0-3 57:0-1 58:0-0 60:0-1 61:0-0 65:0-0 66:0-1 67:0-0 68:0-0 69:0-0';

const apache: readonly ApiRange[] = APACHE.split(' ').map((text) => {
  const [apiKey = 0, min = 0, max = 0] = text.split(/[:-]/).map(Number);
  return { apiKey, min, max };
});

describe('what a broker in ZooKeeper mode announces', () => {
  const none = { levels: new Map(), epoch: 0 };

  it('is what Apache’s does, for a core that serves all that is not the plane’s', () => {
    const { apis, planeKeys } = announce(apache, none);
    expect(apis).toEqual(apache);
    expect([...planeKeys].filter((key) => !apis.some(({ apiKey }) => apiKey === key))).toEqual([]);
  });

  it('leaves out what brokers have in KRaft mode only', () => {
    const kraftOnly = [55, 64, 71, 72, 74, 75, 80].map((apiKey) => ({ apiKey, min: 0, max: 0 }));
    const keys = announce(kraftOnly, none).apis.map(({ apiKey }) => apiKey);
    expect(kraftOnly.filter(({ apiKey }) => keys.includes(apiKey))).toEqual([]);
  });

  it('knows no feature, as recorded: those are of quorums', () => {
    expect(announce([], none)).toMatchObject({ supportedFeatures: new Map(), finalizedFeatures: none });
  });
});
