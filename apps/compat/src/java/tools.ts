import { execFile } from 'node:child_process';

/** A program that suites call. */
export type Tool = 'java' | 'javac' | 'mvn';

interface ToolFacts {
  readonly probe: readonly string[];
  /** Oldest major version that will do; 0 if any does. */
  readonly major: number;
  readonly remedy: string;
}

const FACTS: Readonly<Record<Tool, ToolFacts>> = {
  java: {
    probe: ['-version'],
    major: 17,
    remedy: 'install a JDK, 17 or newer (Debian: apt-get install openjdk-17-jdk-headless)',
  },
  javac: {
    probe: ['-version'],
    major: 17,
    remedy: 'install a JDK, 17 or newer (Debian: apt-get install openjdk-17-jdk-headless)',
  },
  mvn: { probe: ['-version'], major: 0, remedy: 'install Maven (Debian: apt-get install maven)' },
};

/** Why a tool cannot be used, and what to do about it; undefined if it can. */
export async function missingTool(tool: Tool): Promise<string | undefined> {
  const { probe, major, remedy } = FACTS[tool];
  const output = await new Promise<string | undefined>((resolve) => {
    execFile(tool, probe, (error, stdout, stderr) => resolve(error === null ? stdout + stderr : undefined));
  });
  if (output === undefined) return `${tool} is not on the PATH: ${remedy}`;
  const found = majorVersion(output);
  if (major > 0 && (found === undefined || found < major))
    return `${tool} is too old (${output.split('\n')[0]}): ${remedy}`;
  return undefined;
}

/** Major version in what `java -version` or `javac -version` prints: 17 for `17.0.15`, 8 for `1.8.0_292`. */
export function majorVersion(output: string): number | undefined {
  const match = /(\d+)(?:\.(\d+))?/.exec(output);
  if (match === null) return undefined;
  const first = Number(match[1]);
  return first === 1 && match[2] !== undefined ? Number(match[2]) : first;
}
