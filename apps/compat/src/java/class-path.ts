import { existsSync, readFileSync, renameSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { cacheDirectory, fingerprint } from './cache.ts';
import { runProgram } from './run-program.ts';

const RESOLVER = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:build-classpath';

/** Folder of the Java sources and of the pom that names their jars. */
export const javaDirectory: string = join(import.meta.dirname, '..', '..', 'java');

/**
 * Paths of the jars that a pom names, resolved by Maven into its own repository. Remembered for as long as the pom
 * does not change and every jar is there.
 */
export async function resolveClassPath(pom: string): Promise<readonly string[]> {
  const cached = join(cacheDirectory(), `class-path-${fingerprint(readFileSync(pom))}`);
  const known = readJars(cached);
  if (known?.every((jar) => existsSync(jar))) return known;
  const fresh = `${cached}.${process.pid}`;
  await runProgram({
    command: 'mvn',
    args: ['--quiet', '--batch-mode', '--file', pom, RESOLVER, '-DincludeScope=runtime', `-Dmdep.outputFile=${fresh}`],
  });
  renameSync(fresh, cached);
  return readJars(cached) ?? [];
}

function readJars(file: string): readonly string[] | undefined {
  if (!existsSync(file)) return undefined;
  return readFileSync(file, 'utf8').trim().split(delimiter);
}
