import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';

const children: ChildProcess[] = [];
process.on('exit', () => {
  for (const child of children) child.kill('SIGKILL');
});

/** Starts a program of this folder as a process of its own. @returns Once it has sent its first message. */
export async function startChild(program: string, ...argv: string[]): Promise<unknown> {
  const child = fork(new URL(program, import.meta.url), argv, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  children.push(child);
  // It must not keep the bench alive.
  child.unref();
  const [message] = await once(child, 'message');
  child.channel?.unref();
  return message;
}
