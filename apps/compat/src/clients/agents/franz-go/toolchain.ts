import { execFile } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { runProgram } from '../../../java/run-program.ts';

/** Oldest Go that builds the agent, and the one that is fetched where what is there is older. */
const NEEDED = '1.26.8';
const REMEDY = 'install Go of any version (Debian: apt-get install golang-go); it fetches the one that is needed';

const ARCHITECTURES: Readonly<Partial<Record<NodeJS.Architecture, string>>> = { x64: 'amd64', arm64: 'arm64' };

/**
 * Path of a `go` that is young enough. If the one on the PATH is not, it fetches the toolchain as a module, which it
 * checks and keeps in its own cache.
 *
 * @throws {Error} naming the remedy, if there is no Go at all
 */
export async function findGo(scratch: string): Promise<string> {
  const version = await goVersion();
  if (version === undefined) throw new Error(`go is not on the PATH: ${REMEDY}`);
  if (!isOlder(version, NEEDED)) return 'go';
  return fetchToolchain(scratch);
}

/** Whether one version of Go comes before another: 1.21 before 1.21.3 before 1.22rc1. */
export function isOlder(version: string, than: string): boolean {
  const [mine, theirs] = [numbers(version), numbers(than)];
  const at = theirs.findIndex((number, index) => number !== (mine[index] ?? 0));
  return at >= 0 && (mine[at] ?? 0) < (theirs[at] ?? 0);
}

function numbers(version: string): readonly number[] {
  return (/\d+(?:\.\d+)*/.exec(version)?.[0] ?? '').split('.').map(Number);
}

function goVersion(): Promise<string | undefined> {
  const env = { ...process.env, GOTOOLCHAIN: 'local' };
  return new Promise((resolve) => {
    execFile('go', ['version'], { env }, (error, stdout) => {
      resolve(error === null ? /\bgo(\d+\.\S+)/.exec(stdout)?.[1] : undefined);
    });
  });
}

async function fetchToolchain(scratch: string): Promise<string> {
  const architecture = ARCHITECTURES[process.arch];
  if (architecture === undefined)
    throw new Error(`install Go ${NEEDED} or newer: none can be fetched for ${process.arch}`);
  const module = `golang.org/toolchain@v0.0.1-go${NEEDED}.${process.platform}-${architecture}`;
  // Away from any module of ours, whose go.mod would be too new to be read.
  const cwd = join(scratch, 'toolchain');
  mkdirSync(cwd, { recursive: true });
  const { stdout } = await runProgram({
    command: 'go',
    args: ['mod', 'download', '-json', module],
    cwd,
    env: { GOTOOLCHAIN: 'local', GO111MODULE: 'on', GOFLAGS: '-modcacherw' },
  });
  const root = String(JSON.parse(stdout).Dir);
  // Modules have no executable files; Go itself does the same when it fetches one.
  const tools = join(root, 'pkg', 'tool', `${process.platform}_${architecture}`);
  const programs = [join(root, 'bin'), tools].flatMap((folder) =>
    readdirSync(folder).map((name) => join(folder, name)),
  );
  for (const program of programs) chmodSync(program, 0o755);
  return join(root, 'bin', 'go');
}
