import { cpus, loadavg, release, totalmem, type } from 'node:os';
import type { ReportHeader } from '../report/report.ts';
import type { CompareOptions } from './compare.ts';
import { presets } from './presets.ts';

/** What is known before the first run. */
export interface HeaderStart {
  readonly startedAt: string;
  readonly startMs: number;
  readonly load: number;
}

/** To be called before the first run. */
export function startHeader(): HeaderStart {
  return { startedAt: new Date().toISOString(), startMs: performance.now(), load: loadavg()[0] ?? 0 };
}

/** To be called after the last one. */
export function finishHeader(start: HeaderStart, options: CompareOptions): ReportHeader {
  const processors = cpus();
  const preset = presets[options.preset];
  return {
    startedAt: start.startedAt,
    elapsedMs: Math.round(performance.now() - start.startMs),
    version: options.version,
    node: process.version,
    java: options.java ?? null,
    system: `${type()} ${release()}`,
    processor: processors[0]?.model ?? 'unknown',
    processors: processors.length,
    memoryMiB: Math.round(totalmem() / (1 << 20)),
    load: [round(start.load), round(loadavg()[0] ?? 0)],
    seed: options.seed,
    runs: options.runs,
    preset: preset.name,
    presetSummary: preset.summary,
  };
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
