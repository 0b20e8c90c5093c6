#!/usr/bin/env node
import { commands } from './commands/index.ts';
import { run } from './run.ts';
import { readVersion } from './version.ts';

process.exitCode = await run({ version: readVersion(), commands }, process.argv.slice(2), {
  print: (line) => console.log(line),
  complain: (line) => console.error(line),
});
