import { type ChildProcess, fork } from 'node:child_process';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { createNodePorts } from '@biquorum/platform/node';
import { checkByKey, HistoryRecorder, type RegisterInput, registerModel, type Verdict } from '@biquorum/simulator';
import { Prng } from '@biquorum/std';

/** What a run with real processes showed. */
export interface ChaosResult {
  readonly verdict: Verdict<RegisterInput, number>;
  readonly answered: number;
  readonly kills: number;
  readonly pauses: number;
  /** Keys that the healed cluster was asked for at last, which puts every acknowledged write to the test. */
  readonly finalReads: number;
}

interface Member {
  readonly id: number;
  process: ChildProcess | null;
  ready: boolean;
}

type Answer = { readonly output: number } | { readonly error: string; readonly leader: number };

const { timers } = createNodePorts();
const pace = (ms: number): Promise<void> => new Promise((resolve) => void timers.set(ms, resolve));

const CLIENTS = 6;
const KEYS = 12;

/**
 * Three processes over TCP and disk under load, killed with SIGKILL and paused with SIGSTOP at random; at last all keys
 * are read, so that a lost write shows in the history.
 *
 * @param directory For the members' disks.
 * @param durationMs How long the members are disturbed; longer where that did not kill two and pause one.
 */
export async function runChaos(directory: string, durationMs: number, seed: number): Promise<ChaosResult> {
  const prng = new Prng(seed);
  const ports = await freePorts(3);
  const peers = JSON.stringify(ports.map((port, id) => ({ id, address: `127.0.0.1:${port}` })));
  const history = new HistoryRecorder<RegisterInput, number>();
  const waiting = new Map<number, (answer: Answer) => void>();
  const members: Member[] = [0, 1, 2].map((id) => ({ id, process: null, ready: false }));
  let nextCall = 0;
  let nextValue = 1;
  let nextClient = CLIENTS;
  let guess = 0;
  let kills = 0;
  let pauses = 0;
  let answered = 0;
  let running = true;

  const start = (member: Member): void => {
    const argv = [`${member.id}`, peers, join(directory, `${member.id}`)];
    const child = fork(new URL('./member.ts', import.meta.url), argv, {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      execArgv: ['--conditions=@biquorum/source'],
    });
    member.process = child;
    member.ready = false;
    child.on('message', (message: 'ready' | ({ call: number } & Answer)) => {
      if (message === 'ready') member.ready = true;
      else waiting.get(message.call)?.(message);
    });
    child.on('error', () => {});
  };

  const ask = (member: Member, input: RegisterInput, patienceMs: number): Promise<Answer | null> =>
    new Promise((resolve) => {
      const call = nextCall++;
      const end = (answer: Answer | null): void => {
        timer.cancel();
        waiting.delete(call);
        resolve(answer);
      };
      const timer = timers.set(patienceMs, () => end(null));
      waiting.set(call, end);
      member.process?.send({ call, input }, (error) => {
        // It died before it got the call, or after: nobody knows.
        if (error !== null) end(null);
      });
    });

  /** One call at whoever may lead. @returns Whether an answer came. */
  const call = async (client: number, input: RegisterInput): Promise<boolean | null> => {
    const member = members[prng.chance(0.8) ? guess : prng.below(3)] as Member;
    if (!member.ready || member.process === null) {
      guess = prng.below(3);
      await pace(20);
      return false;
    }
    const id = history.call(client, input);
    const answer = await ask(member, input, 1500);
    if (answer !== null && 'output' in answer) {
      history.answer(id, answer.output);
      answered++;
      guess = member.id;
      return true;
    }
    const refused = answer !== null && 'error' in answer && answer.error !== 'unknown' && answer.error !== 'stopped';
    if (refused || input.kind === 'read') history.drop(id);
    guess = answer !== null && 'leader' in answer && answer.leader >= 0 ? answer.leader : prng.below(3);
    if (refused) await pace(10);
    return refused || input.kind === 'read' ? false : null;
  };

  const client = async (first: number): Promise<void> => {
    let name = first;
    while (running) {
      const key = prng.below(KEYS);
      const draw = prng.below(10);
      const value = nextValue++;
      const input: RegisterInput =
        draw < 4
          ? { kind: 'read', key }
          : draw < 9
            ? { kind: 'write', key, value }
            : { kind: 'swap', key, expected: prng.below(value), value };
      // Who does not know what became of a call must not make another one under the same name.
      if ((await call(name, input)) === null) name = nextClient++;
      await pace(prng.below(30));
    }
  };

  const disturb = async (): Promise<void> => {
    const endMs = performance.now() + durationMs;
    while (performance.now() < endMs || kills < 2 || pauses < 1) {
      await pace(300 + prng.below(900));
      // On a busy machine members take long to come back; without progress in between nothing would be put to the test.
      const before = answered;
      for (let waitedMs = 0; waitedMs < 10_000 && answered < before + 3; waitedMs += 20) await pace(20);
      const member = members[prng.chance(0.5) ? guess : prng.below(3)] as Member;
      const child = member.process;
      if (child === null || !member.ready) continue;
      if (prng.chance(0.5)) {
        kills++;
        member.ready = false;
        const gone = new Promise((resolve) => child.once('exit', resolve));
        child.kill('SIGKILL');
        await gone;
        await pace(prng.below(800));
        start(member);
      } else {
        pauses++;
        child.kill('SIGSTOP');
        await pace(100 + prng.below(2000));
        child.kill('SIGCONT');
      }
    }
  };

  try {
    for (const member of members) start(member);
    const clients = Array.from({ length: CLIENTS }, (_, name) => client(name));
    await disturb();
    running = false;
    await Promise.all(clients);
    let finalReads = 0;
    for (let key = 0; key < KEYS; key++) {
      for (let attempt = 0; ; attempt++) {
        if (attempt > 1000) throw new Error(`key ${key} cannot be read after healing`);
        if (await call(nextClient++, { kind: 'read', key })) break;
      }
      finalReads++;
    }
    const operations = history.operations();
    return {
      verdict: checkByKey(operations, registerModel, ({ key }) => key, 5_000_000),
      answered: operations.filter(({ end }) => end < Number.POSITIVE_INFINITY).length,
      kills,
      pauses,
      finalReads,
    };
  } finally {
    for (const { process: child } of members) {
      child?.kill('SIGCONT');
      child?.kill('SIGKILL');
    }
  }
}

async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => new Promise((resolve) => server.once('listening', resolve))));
  const ports = servers.map((server) => {
    const address = server.address();
    return typeof address === 'object' && address !== null ? address.port : 0;
  });
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}
