import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import type { Ensemble } from './ensemble.ts';
import { Java } from './java/java.ts';
import { missingTool, type Tool } from './java/tools.ts';
import type { Mode } from './mode.ts';
import type { Report } from './report.ts';
import type { Suite, SuiteContext } from './suite.ts';

/** How to run suites. */
export interface RunSettings {
  readonly seed: number;
  readonly full: boolean;
  /** Rows that are wanted, for suites that can do less than all. */
  readonly only?: readonly string[];
  /** Whether documents are written, instead of compared; no by default. */
  readonly write?: boolean;
  /** Mode of the brokers under test; the first by default. */
  readonly mode?: Mode | undefined;
  /** At what brokers in ZooKeeper mode meet; what each suite chooses by default. */
  readonly ensemble?: Ensemble | undefined;
  /** Takes what suites show as data. */
  readonly onData?: (data: unknown) => void;
  /** Whether a missing tool is a failure, as on a CI machine, or a reason to skip. */
  readonly strict: boolean;
  /** How often a suite that is `live` is run again when checks of it failed; not at all by default. */
  readonly retries?: number;
  /** Says why a tool is missing; undefined if it is there. */
  readonly missing?: (tool: Tool) => Promise<string | undefined>;
}

/** Runs suites one after the other, and reports. */
export async function runSuites(suites: readonly Suite[], settings: RunSettings, report: Report): Promise<void> {
  let prepared: Promise<Java> | undefined;
  const java = (): Promise<Java> => {
    prepared ??= Java.prepare();
    return prepared;
  };
  for (const suite of suites) {
    report.begin(suite.name, suite.title);
    const startedAt = performance.now();
    let skipped = await runSuite(suite, settings, report, java);
    for (let left = suite.live ? (settings.retries ?? 0) : 0; left > 0 && report.failuresOf(suite.name) > 0; left--) {
      report.again(suite.name);
      skipped = await runSuite(suite, settings, report, java);
    }
    report.end({ name: suite.name, durationMs: performance.now() - startedAt, skipped });
  }
}

async function runSuite(
  suite: Suite,
  settings: RunSettings,
  report: Report,
  java: () => Promise<Java>,
): Promise<string | undefined> {
  const missing = await missingTools(suite, settings.missing ?? missingTool);
  if (missing.length > 0) {
    if (!settings.strict) return missing.join('; ');
    report.add({ suite: suite.name, title: 'the tools it needs are there', failure: missing.join('\n') });
    return undefined;
  }
  const scratch = mkdtempSync(join(tmpdir(), `biquorum-compat-${suite.name}-`));
  let made = 0;
  const check: SuiteContext['check'] = async (title, body) => {
    made++;
    try {
      const note = await body();
      report.add({ suite: suite.name, title, failure: undefined }, typeof note === 'string' ? note : undefined);
    } catch (error) {
      report.add({ suite: suite.name, title, failure: describe(error) });
    }
  };
  try {
    const { seed, full, only = [], write = false, mode, ensemble } = settings;
    const show: SuiteContext['show'] = (text, data) => {
      report.show(text);
      if (data !== undefined) settings.onData?.(data);
    };
    await suite.run({ seed, full, only, write, mode, ensemble, scratch, java, check, show });
    if (made === 0)
      report.add({ suite: suite.name, title: 'it makes checks', failure: 'it ended without a single one' });
  } catch (error) {
    report.add({ suite: suite.name, title: 'it runs to its end', failure: describe(error) });
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
  return undefined;
}

async function missingTools(suite: Suite, missing: (tool: Tool) => Promise<string | undefined>): Promise<string[]> {
  const reasons = await Promise.all(suite.needs.map(missing));
  return reasons.filter((reason) => reason !== undefined);
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
