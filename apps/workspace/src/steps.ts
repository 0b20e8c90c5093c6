/** One step of `pnpm check`: a command and what its success means. */
export interface Step {
  readonly name: string;
  /** Program and arguments; the program is one of the workspace's own tools. */
  readonly command: readonly [string, ...string[]];
  /** Whether it judges the tree without running the tests. */
  readonly static: boolean;
}

const source = '--conditions=@biquorum/source';

/** In the order in which they run: what fails fastest comes first. */
export const checkSteps: readonly Step[] = [
  { name: 'format and lint', command: ['biome', 'ci', '--error-on-warnings'], static: true },
  { name: 'types', command: ['tsc', '-b'], static: true },
  { name: 'boundaries', command: ['node', 'apps/workspace/src/lint.ts'], static: true },
  { name: 'tests', command: ['vitest', 'run'], static: false },
  { name: 'simulation', command: ['node', source, 'apps/sim/src/main.ts'], static: false },
  {
    name: 'packages',
    command: ['turbo', 'run', 'build', 'check:package', '--continue', '--output-logs=errors-only'],
    static: true,
  },
  { name: 'packages install', command: ['node', 'apps/workspace/src/install-packages.ts'], static: true },
  { name: 'snippets', command: ['node', 'apps/workspace/src/snippets/main.ts'], static: true },
  { name: 'docs', command: ['node', 'apps/docs/src/build.ts'], static: true },
];
