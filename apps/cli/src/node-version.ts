/** Versions of Node with which this runs: the same as `engines` of the packages. */
const SUPPORTED = /^(?:22\.(?:1[89]|[2-9]\d)|24|2[6-9]|[3-9]\d)\./;

/**
 * What to say on a version of Node that is too old; undefined where it will do. Everything that is loaded before this has
 * been asked must be understood by old versions.
 */
export function nodeVersionFault(version: string, script: string): string | undefined {
  if (SUPPORTED.test(version)) return undefined;
  return [
    `biquorum needs Node.js 24, or 22.18 and newer of 22, or 26 and newer; this is ${version}.`,
    `Install one from https://nodejs.org or with a version manager (nvm install 24), or take one for this call alone: npx -y node@24 ${script} …`,
  ].join('\n');
}

/** Ends the process with a message when its Node is too old. */
export function requireNode(): void {
  const fault = nodeVersionFault(process.versions.node, process.argv[1] ?? 'main.js');
  if (fault === undefined) return;
  console.error(fault);
  process.exit(1);
}
