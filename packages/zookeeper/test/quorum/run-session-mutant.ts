/** Runs one broken build for one seed, and prints what the checks say: `run-session-mutant.ts NAME SEED`. */
import { readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { sessionMutants } from './session-mutants.ts';

const [name, seed] = process.argv.slice(2);
const mutant = sessionMutants.find((one) => one.name === name);
if (mutant === undefined) throw new Error(`there is no mutant ${name}`);
const { file, find, replace } = mutant;
const url = new URL(`../../src/${file}`, import.meta.url);
const count = readFileSync(url, 'utf8').split(find).length - 1;
if (count !== 1) throw new Error(`the text that ${name} changes is ${count} times in ${file}`);

registerHooks({
  load(loading, context, next) {
    const loaded = next(loading, context);
    if (loading !== url.href || loaded.source == null) return loaded;
    const source = typeof loaded.source === 'string' ? loaded.source : new TextDecoder().decode(loaded.source);
    return { ...loaded, source: source.replace(find, () => replace) };
  },
});

// Loaded only now, so that the mutant's source is.
const { runSessions } = await import('./session-run.ts');
try {
  const { faults } = await runSessions(Number(seed));
  for (const fault of faults) console.log(fault);
} catch (error) {
  console.log(`the run ends with ${error}`);
}
