/** What is told of whoever called. */
type Environment = Readonly<Record<string, string | undefined>>;

/** Scripts of the workspace that run this program. */
const SCRIPTS = ['biquorum', 'start'];
/** A command within quotes, as messages have it. */
const QUOTED = /(?<=["`“])biquorum(?= [a-z-])/g;
/** A command at the beginning, or behind a pipe. */
const TYPED = /(?<=^|\| )biquorum(?= )/g;

/**
 * How `biquorum` is called, as whoever started this process would type it: a checkout has it on no path, but as a script
 * of its package manager, which says so in the environment.
 *
 * @param otherwise what it is called where no package manager runs it
 */
export function calledAs(environment: Environment = process.env, otherwise: string = 'biquorum'): string {
  const { npm_lifecycle_event: script = '', npm_config_user_agent: agent = '', npm_execpath: path = '' } = environment;
  if (!SCRIPTS.includes(script)) return otherwise;
  const [, manager, version] = /^(pnpm|npm)\/(\S+)/.exec(agent) ?? [];
  if (manager === 'npm') return 'npm run biquorum --';
  if (manager === undefined) return otherwise;
  // Where npx keeps what it has fetched for one call.
  return /[\\/]_npx[\\/]/.test(path) ? `npx -y pnpm@${version} biquorum` : 'pnpm biquorum';
}

/** A message whose quoted commands can be typed. @param tool see {@link calledAs} */
export function typeable(message: string, tool: string): string {
  return message.replace(QUOTED, () => tool);
}

/** An example that can be typed. @param tool see {@link calledAs} */
export function typeableExample(example: string, tool: string): string {
  return example.replace(TYPED, () => tool);
}
