import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { deadLinksIn, unlinkFolders } from '../src/links.ts';

const scratch = mkdtempSync(join(tmpdir(), 'biquorum-links-'));
afterAll(() => rmSync(scratch, { recursive: true }));

function plant(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(scratch, 'site-'));
  for (const part of ['deep', 'media']) mkdirSync(join(folder, part));
  for (const [path, text] of Object.entries(files)) writeFileSync(join(folder, path), text);
  return folder;
}

describe('links of a site', () => {
  const page = '<h2 id="here">Here</h2><a name="there"></a>';

  it('are sound when file and place are there, or lie outside', () => {
    const links = [
      '../b.html',
      '../b.html#here',
      '../b.html#there',
      '#own',
      '',
      'https://kafka.apache.org/',
      '../c.png',
    ];
    const text = `<p id="own">${links.map((link) => `<a href="${link}">a</a>`).join('')}<img src="../c.png"></p>`;
    expect(deadLinksIn(plant({ 'deep/a.html': text, 'b.html': page, 'c.png': '' }))).toEqual([]);
  });

  it.each([
    ['a file', '<a href="c.html">c</a>', 'there is no such file'],
    ['a picture', '<img src="c.png">', 'there is no such file'],
    ['a picture for the dark', '<source srcset="c.png">', 'there is no such file'],
    ['a place', '<a href="b.html#nowhere">c</a>', 'the page has no such place'],
  ])('are dead when %s is not there', (_what, text, why) => {
    expect(deadLinksIn(plant({ 'a.html': text, 'b.html': page }))).toMatchObject([{ path: 'a.html', why }]);
  });

  it('to folders of sources leave their words behind, those to files stay', () => {
    const kept = '<a href="../media/code.ts" class="x">code</a>';
    const text = `See <a href="../media/raft" class="x"><code>raft</code></a>, ${kept}.`;
    const site = plant({ 'deep/a.html': text, 'media/code.ts': '' });
    unlinkFolders(site);
    expect(readFileSync(join(site, 'deep/a.html'), 'utf8')).toBe(`See <code>raft</code>, ${kept}.`);
    expect(deadLinksIn(site)).toEqual([]);
  });
});
