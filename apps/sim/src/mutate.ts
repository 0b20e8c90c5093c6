import { existsSync, readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';

/** A broken build: texts of the sources, each of which must be there exactly once, and what stands there instead. */
export interface Mutant {
  readonly name: string;
  /** The rule that it breaks. */
  readonly breaks: string;
  readonly changes: readonly { readonly file: string; readonly find: string; readonly replace: string }[];
  /** A seed that finds it. */
  readonly seed: number;
}

const root = new URL('../../../', import.meta.url);

/** @throws Error when a text is not in its file exactly once: the mutant must follow the source. */
export function checkMutant(mutant: Mutant): void {
  for (const { file, find } of mutant.changes) {
    const url = new URL(file, root);
    if (!existsSync(url))
      throw new Error(`mutant ${mutant.name}: ${file} is gone; name the file that has its text now`);
    const count = readFileSync(url, 'utf8').split(find).length - 1;
    if (count !== 1) throw new Error(`mutant ${mutant.name}: its text is ${count} times in ${file}:\n${find}`);
  }
}

/** From now on, modules are loaded with the mutant's changes. */
export function applyMutant(mutant: Mutant): void {
  checkMutant(mutant);
  const byPath = Map.groupBy(mutant.changes, ({ file }) => fileURLToPath(new URL(file, root)));
  registerHooks({
    load(url, context, next) {
      const changes = url.startsWith('file:') ? byPath.get(fileURLToPath(url)) : undefined;
      const loaded = next(url, context);
      if (changes === undefined || loaded.source == null) return loaded;
      let source = typeof loaded.source === 'string' ? loaded.source : new TextDecoder().decode(loaded.source);
      for (const { find, replace } of changes) source = source.replace(find, () => replace);
      return { ...loaded, source };
    },
  });
}
