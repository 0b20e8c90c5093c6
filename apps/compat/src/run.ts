import { randomInt } from 'node:crypto';
import { findSuites } from './find-suites.ts';
import { parseOptions } from './options.ts';
import { Report } from './report.ts';
import { runSuites } from './run-suites.ts';

const { CI } = process.env;
// Leave by the front door when told to, so that servers which were started end with us.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));

const options = parseOptions(process.argv.slice(2), randomInt(2 ** 31));
const write = (line: string): void => (options.json ? console.error(line) : console.log(line));
const all = await findSuites();

if (options.list) {
  for (const { name, title, needs } of all) write(`${name}: ${title} (needs ${needs.join(', ') || 'nothing'})`);
} else {
  const unknown = options.suites.filter((name) => !all.some((suite) => suite.name === name));
  if (unknown.length > 0) {
    throw new Error(`no suite is named ${unknown.join(', ')}; there are ${all.map((suite) => suite.name).join(', ')}`);
  }
  const chosen =
    options.suites.length === 0
      ? all.filter((suite) => suite.onDemand !== true)
      : all.filter((suite) => options.suites.includes(suite.name));
  write(`seed ${options.seed} (have it again with --seed ${options.seed})`);
  const report = new Report(write);
  const { seed, full, only, write: writes, mode, ensemble, retries } = options;
  const onData = (data: unknown): void => {
    if (options.json) console.log(JSON.stringify(data));
  };
  const settings = { seed, full, only, mode, ensemble, write: writes, strict: CI === 'true', retries, onData };
  await runSuites(chosen, settings, report);
  report.close();
  if (report.failed > 0) process.exitCode = 1;
}
