import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runProgram } from './run-program.ts';

/**
 * Checks programs as a strict project of a reader's own would, against the packages as they are built.
 *
 * @param folder - Folder of the project; `node_modules` there has the types of Node.
 * @returns What the compiler says; undefined when it has nothing to say.
 */
export async function checkTypes(folder: string, programs: readonly string[]): Promise<string | undefined> {
  if (programs.length === 0) return undefined;
  const compilerOptions = {
    module: 'nodenext',
    target: 'es2024',
    lib: ['es2024', 'esnext.disposable'],
    types: ['node'],
    strict: true,
    noUncheckedIndexedAccess: true,
    exactOptionalPropertyTypes: true,
    erasableSyntaxOnly: true,
    allowImportingTsExtensions: true,
    skipLibCheck: true,
    noEmit: true,
  };
  const project = join(folder, 'tsconfig.snippets.json');
  writeFileSync(project, JSON.stringify({ compilerOptions, files: programs }));
  const { how, stdout } = await runProgram({ command: ['tsc', '-p', project], cwd: folder, timeoutMs: 120_000 });
  return how === 0 ? undefined : stdout;
}
