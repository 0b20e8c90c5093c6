import { existsSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { cacheDirectory, fingerprint } from './cache.ts';
import { javaDirectory, resolveClassPath } from './class-path.ts';
import { type Outcome, runProgram } from './run-program.ts';

/** Options of a JVM that is asked for one short answer most of the time: the quick compiler alone, and a small heap. */
export const QUICK_JVM: readonly string[] = ['-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC', '-Xshare:auto', '-Xmx512m'];

/** Options of one run of a Java program. */
export interface JavaRun {
  readonly input?: Iterable<string>;
  readonly tolerant?: boolean;
  /** Options of the JVM, after our own. */
  readonly jvm?: readonly string[];
}

/** Apache's jars and our own programs beside them. */
export class Java {
  readonly #classPath: string;

  private constructor(classPath: string) {
    this.#classPath = classPath;
  }

  /** Resolves the jars and compiles what lies under `java/src`; both are remembered in the user's cache. */
  static async prepare(): Promise<Java> {
    const jars = await resolveClassPath(join(javaDirectory, 'pom.xml'));
    return new Java([await compile(jars), ...jars].join(delimiter));
  }

  /** Arguments of `java` that run a class of Apache's or ours. */
  arguments(mainClass: string, args: readonly string[], jvm: readonly string[] = QUICK_JVM): readonly string[] {
    return [...jvm, '-cp', this.#classPath, mainClass, ...args];
  }

  /** Runs a class to its end. */
  run(mainClass: string, args: readonly string[], { input, tolerant, jvm = [] }: JavaRun = {}): Promise<Outcome> {
    return runProgram({
      command: 'java',
      args: this.arguments(mainClass, args, [...QUICK_JVM, ...jvm]),
      ...(input === undefined ? {} : { input }),
      ...(tolerant === undefined ? {} : { tolerant }),
    });
  }
}

/** Compiles our Java sources into a directory named by their content and by the jars. */
async function compile(jars: readonly string[]): Promise<string> {
  const root = join(javaDirectory, 'src');
  const sources = readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.java'))
    .sort()
    .map((name) => join(root, name));
  const target = join(
    cacheDirectory(),
    `classes-${fingerprint(...sources.map((path) => readFileSync(path)), jars.join())}`,
  );
  if (existsSync(target)) return target;
  const scratch = mkdtempSync(`${target}-`);
  try {
    await runProgram({
      command: 'javac',
      args: [
        '--release',
        '17',
        '-proc:none',
        '-Xlint:all,-path,-processing,-classfile',
        '-Werror',
        '-d',
        scratch,
        '-cp',
        jars.join(delimiter),
        ...sources,
      ],
    });
    renameSync(scratch, target);
  } catch (error) {
    // Another run may have put the same classes there first.
    if (!existsSync(target)) throw error;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
  return target;
}
