import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { Live } from '../../src/live/live.ts';
import { MODES } from '../../src/live/protocol.ts';

/** A browser of the system's: what playwright would download is not asked for. */
const BROWSER = [
  process.env['BIQUORUM_CHROMIUM'],
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
].find((path) => path !== undefined && path !== '' && existsSync(path));
/** Screenshots are kept there, where they are wanted. */
const SHOTS = process.env['BIQUORUM_SCREENSHOTS'];
const PATIENCE = { timeout: 90_000 };

/** Text that its background does not set off by 4.5 to 1 (WCAG 2, AA), among all that stands in the page. */
function faintTexts(): string[] {
  const parse = (color: string): number[] => {
    const canvas = document.createElement('canvas');
    canvas.width = canvas.height = 1;
    const context = canvas.getContext('2d') as CanvasRenderingContext2D;
    context.fillStyle = color;
    context.fillRect(0, 0, 1, 1);
    return [...context.getImageData(0, 0, 1, 1).data];
  };
  const luminance = ([red = 0, green = 0, blue = 0]: number[]): number => {
    const [r = 0, g = 0, b = 0] = [red, green, blue].map((value) => {
      const share = value / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const backgroundOf = (element: Element | null): number[] => {
    for (let at = element; at !== null; at = at.parentElement) {
      const color = parse(getComputedStyle(at).backgroundColor);
      if (color[3] === 255) return color;
    }
    return [255, 255, 255, 255];
  };
  const faint = new Set<string>();
  for (const element of document.querySelectorAll('main *')) {
    const text = [...element.childNodes].some(
      (node) => node.nodeType === Node.TEXT_NODE && node.textContent?.trim() !== '',
    );
    if (!text || element.closest('svg, .u-wrap') !== null || element.getClientRects().length === 0) continue;
    const [one, other] = [luminance(parse(getComputedStyle(element).color)), luminance(backgroundOf(element))];
    const ratio = (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
    if (ratio < 4.5) faint.add(`${element.tagName}.${element.className}: ${ratio.toFixed(2)}`);
  }
  return [...faint];
}

if (BROWSER === undefined) {
  console.warn(
    'The tests of the page in a browser are SKIPPED: no Chromium at /usr/bin/chromium, nor at BIQUORUM_CHROMIUM.',
  );
}

describe.runIf(BROWSER !== undefined)('the page, in a browser', () => {
  let live: Live;
  let browser: Browser;

  beforeAll(async () => {
    live = await Live.start({ lines: ['one', 'two'] });
    await live.load();
    const args = ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'];
    browser = await chromium.launch({ executablePath: BROWSER as string, args, timeout: 90_000 });
  }, 120_000);

  afterAll(async () => {
    await browser?.close();
    await live?.stop();
  }, 60_000);

  /** Opens the page and fails for whatever it complains of, and whatever it asks of other hosts. */
  async function open(
    width: number,
    colorScheme: 'light' | 'dark',
  ): Promise<{ readonly page: Page; readonly complaints: string[] }> {
    const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme });
    page.setDefaultTimeout(PATIENCE.timeout);
    const complaints: string[] = [];
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('request', (request) => {
      if (new URL(request.url()).origin !== new URL(live.url).origin && !request.url().startsWith('data:')) {
        complaints.push(`asks ${request.url()}`);
      }
    });
    await page.goto(live.url);
    await page.locator('.cluster').first().waitFor();
    return { page, complaints };
  }

  async function keep(page: Page, name: string): Promise<void> {
    if (SHOTS === undefined) return;
    mkdirSync(SHOTS, { recursive: true });
    await page.screenshot({ path: join(SHOTS, `${name}.png`), fullPage: true });
  }

  test.each([
    [1280, 'light'],
    [1280, 'dark'],
    [390, 'light'],
    [390, 'dark'],
  ] as const)(
    'can be read at %i px, %s: nothing sticks out, every text is set off from its background',
    async (width, scheme) => {
      const { page, complaints } = await open(width, scheme);
      await expect.poll(() => page.locator('.u-wrap canvas').count(), PATIENCE).toBe(3);
      await expect.poll(() => page.locator('.node').count(), PATIENCE).toBe(12);
      await expect.poll(() => page.locator('.row').count(), PATIENCE).toBeGreaterThan(20);
      await page.locator('.node').nth(1).click();
      const widths = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
      expect(widths[0]).toBeLessThanOrEqual(widths[1] ?? 0);
      expect(await page.evaluate(faintTexts)).toEqual([]);
      await keep(page, `${width}-${scheme}`);
      expect(complaints).toEqual([]);
      await page.close();
    },
    300_000,
  );

  test('leads the keyboard to everything that can be worked, by name and in plain sight; nothing moves where that is not wanted', async () => {
    const { page } = await open(1280, 'dark');
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await expect.poll(() => page.locator('.ledger li').count(), PATIENCE).toBeGreaterThan(10);
    await page.locator('.node').nth(11).waitFor();
    const worked = 'button, select, input, [tabindex="0"]';
    const there = await page.locator(worked).count();
    expect(there).toBeGreaterThan(25);
    const reached: { readonly name: string; readonly outline: string }[] = [];
    // Chromium also stops at what scrolls and has nothing to work in it.
    for (let presses = 0; reached.length < there && presses < there + 12; presses += 1) {
      await page.keyboard.press('Tab');
      const found = await page.evaluate((selector) => {
        const element = document.activeElement as HTMLInputElement;
        if (!element.matches(selector) || element.dataset['reached'] !== undefined) return undefined;
        element.dataset['reached'] = '';
        const label = element.labels?.[0]?.textContent ?? element.ariaLabel ?? element.textContent ?? '';
        return { name: label.trim(), outline: getComputedStyle(element).outlineStyle };
      }, worked);
      if (found !== undefined) reached.push(found);
    }
    expect(reached).toHaveLength(there);
    expect(reached.filter(({ name }) => name === '')).toEqual([]);
    expect(new Set(reached.map(({ outline }) => outline))).toEqual(new Set(['solid']));
    const moving = await page.evaluate(
      () =>
        [...document.querySelectorAll('*')].filter((element) => {
          const { transitionDuration, animationName } = getComputedStyle(element);
          return transitionDuration !== '0s' || animationName !== 'none';
        }).length,
    );
    expect(moving).toBe(0);
    await page.close();
  }, 300_000);

  test('is worked by keyboard alone: a controller is killed in both modes, and everything healed', async () => {
    const { page, complaints } = await open(1280, 'light');
    const controllers = (): Promise<string[]> => page.locator('.government div:first-child dd').allInnerTexts();
    await vi.waitFor(async () => {
      for (const text of await controllers()) expect(text).toMatch(/^(broker|controller) \d+, epoch \d+$/);
    }, PATIENCE);
    const before = await controllers();
    // The first two that are reached are the theme and whom to hit; both can be seen to have the focus.
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('SELECT');
    expect(await page.evaluate(() => getComputedStyle(document.activeElement as Element).outlineStyle)).toBe('solid');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.textContent)).toContain('Kill');
    await page.keyboard.press('Enter');
    await page.getByText(/ZooKeeper mode: kill \d; KRaft mode: kill 10\d/).waitFor();
    await vi.waitFor(async () => {
      const now = await controllers();
      for (const [index, text] of now.entries()) {
        expect(text).toMatch(/^(broker|controller) \d+, epoch \d+$/);
        expect(text).not.toBe(before[index]);
      }
    }, PATIENCE);
    await page.locator('.row.fault').first().waitFor();
    await page.locator('.cell.kraft').getByText('VoteReply').last().waitFor();
    await page.locator('.cell.zookeeper').getByText('/controller deleted').last().waitFor();
    await keep(page, 'controller-killed');
    await page.keyboard.press('h');
    await vi.waitFor(async () => {
      expect(await page.locator('.node.stopped').count()).toBe(0);
      expect(await page.locator('.government .bad').count()).toBe(0);
    }, PATIENCE);
    expect(complaints).toEqual([]);
    await page.close();
  }, 400_000);

  test('says so when the server is gone', async () => {
    const other = await Live.start({ brokers: 1, servers: 1, controllers: 1, lines: ['one'] });
    const page = await browser.newPage();
    page.setDefaultTimeout(PATIENCE.timeout);
    await page.goto(other.url);
    await page.getByText('connected', { exact: true }).waitFor();
    await other.stop();
    await page.getByText('not connected').waitFor();
    await page.close();
  }, 120_000);
});

test('the page is built of three files that name no other host', async () => {
  const { buildPage } = await import('../../web/build.ts');
  const files = await buildPage();
  expect([...files.keys()]).toEqual(['index.html', 'page.js', 'page.css']);
  const hosts = [...files.values()].flatMap((text) => text.match(/\b(?:https?:)?\/\/[a-z0-9.-]+\.[a-z]{2,}/g) ?? []);
  // Names of XML's vocabularies, which nobody fetches.
  expect(new Set(hosts)).toEqual(new Set(['http://www.w3.org']));
  expect(MODES).toHaveLength(2);
}, 60_000);
