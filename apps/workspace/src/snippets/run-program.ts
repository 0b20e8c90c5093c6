import { spawn } from 'node:child_process';

/** How a program is started. */
export interface Call {
  readonly command: readonly [string, ...string[]];
  readonly cwd: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly timeoutMs: number;
  /** Ctrl-C is pressed as soon as this holds of what was printed so far. */
  readonly stopWhen?: (stdout: string) => boolean;
}

/** How it ended. */
export interface Ended {
  /** Exit code, the signal that ended it, or that it had to be ended. */
  readonly how: number | NodeJS.Signals | 'too slow';
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program in a process group of its own, and ends the whole group with it. */
export function runProgram({ command, cwd, env, timeoutMs, stopWhen }: Call): Promise<Ended> {
  const [program, ...args] = command;
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd,
      env: env ?? process.env,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let stdout = '';
    let stderr = '';
    let tooSlow = false;
    let stopped = false;
    const signal = (name: NodeJS.Signals): void => {
      try {
        if (child.pid !== undefined) process.kill(-child.pid, name);
      } catch {
        // Nobody of the group is left.
      }
    };
    const timer = setTimeout(() => {
      tooSlow = true;
      signal('SIGKILL');
    }, timeoutMs);
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
      if (stopped || stopWhen?.(stdout) !== true) return;
      stopped = true;
      signal('SIGINT');
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    child.on('error', reject);
    child.on('close', (code, ended) => {
      clearTimeout(timer);
      signal('SIGKILL');
      resolve({ how: tooSlow ? 'too slow' : (ended ?? code ?? 0), stdout, stderr });
    });
  });
}
