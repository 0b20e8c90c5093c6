/**
 * Draws the pictures of the README: `node --conditions=@biquorum/source web/pictures.ts DIRECTORY`. Starts both clusters,
 * kills both controllers, and takes the page once both have another one; wants a Chromium, as its tests do.
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { Live } from '../src/live/live.ts';

const [, , directory = 'docs/images'] = process.argv;
const executablePath = process.env['BIQUORUM_CHROMIUM'] ?? '/usr/bin/chromium';
/** So that charts have something to show before and after. */
const CALM_MS = 15_000;

await mkdir(directory, { recursive: true });
await using live = await Live.start({ lines: ['one', 'two', 'three'] });
await live.load();
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
try {
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  await page.goto(live.url);
  await page.locator('.node').last().waitFor();
  await page.waitForTimeout(CALM_MS);
  await page.getByRole('button', { name: 'Kill' }).click();
  await page.getByText(/ZooKeeper mode: kill/).waitFor();
  await page.getByText('none', { exact: true }).first().waitFor();
  await page.waitForFunction(() => document.querySelector('.government .bad') === null, undefined, { timeout: 60_000 });
  await page.getByLabel('warnings').uncheck();
  await page.getByLabel('since the last fault only').check();
  await page.locator('.happenings').evaluate((list) => {
    list.scrollTop = 0;
  });
  await page.evaluate(() => scrollTo(0, 0));
  await page.waitForTimeout(3_000);
  // Where it stands, whom a pointer hovers over and what has the focus is no part of the picture.
  await page.mouse.move(0, 0);
  await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    await page.waitForTimeout(500);
    await page.screenshot({ path: join(directory, `both-modes-${colorScheme}.png`), fullPage: true });
  }
} finally {
  await browser.close();
}
