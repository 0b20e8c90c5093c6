import { describe, expect, it } from 'vitest';
import { type Agent, AgentError } from '../../src/clients/agent-protocol.ts';
import { oneAtATime } from '../../src/clients/one-at-a-time.ts';
import { startProcessAgent } from '../../src/clients/process-agent.ts';

/** An agent in a process of its own that answers as the body says: `request` is there, `say` takes a line. */
function start(body: string): Promise<Agent> {
  const program = `
    const say = (line) => process.stdout.write(JSON.stringify(line) + '\\n');
    const hello = { name: 'drill', version: '1', codecs: [], lacksCodecs: {}, partitioners: [], lacks: {} };
    require('node:readline').createInterface({ input: process.stdin }).on('line', (line) => {
      const request = JSON.parse(line);
      const { id } = request;
      if (request.op === 'hello') return say({ id, ok: { ...hello, version: request.bootstrap.join() } });
      ${body}
    });`;
  return startProcessAgent({ command: process.execPath, args: ['-e', program] }, ['a:1', 'b:2']);
}

const CONSUME = { topic: 't', partition: 0, from: { offset: 0 }, count: 3, timeoutMs: 1_000 } as const;

describe('an agent in a process', () => {
  it('is told the bootstrap addresses, and says who it is', async () => {
    const agent = await start('');
    expect(agent.hello).toMatchObject({ name: 'drill', version: 'a:1,b:2' });
    await agent.close();
  });

  it('hands out the records of all lines before the last', async () => {
    const agent = await start(`
      say({ id, records: [{ offset: 0 }, { offset: 1 }] });
      say({ id, records: [{ offset: 2 }] });
      say({ id, ok: {} });`);
    expect(await agent.ask('consume', CONSUME)).toEqual({ records: [{ offset: 0 }, { offset: 1 }, { offset: 2 }] });
    await agent.close();
  });

  it("fails with the client's name and code, and lives on", async () => {
    const agent = await start(`
      if (request.topic === 'bad') say({ id, error: { name: 'MESSAGE_TOO_LARGE', code: 10, message: 'no' } });
      else say({ id, ok: {} });`);
    const failure = await agent.ask('deleteTopic', { topic: 'bad' }).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(AgentError);
    expect(failure).toMatchObject({ name: 'MESSAGE_TOO_LARGE', code: 10, message: 'deleteTopic: no' });
    expect(await agent.ask('deleteTopic', { topic: 'good' })).toEqual({});
    await agent.close();
  });

  it('fails with what it said last when it ends over a request, and at once afterwards', async () => {
    const agent = await start(`console.error('out of memory'); process.exitCode = 3; process.stdin.destroy();`);
    await expect(agent.ask('leave', {})).rejects.toThrow(/drill: the agent ended; it said:\nout of memory/);
    await expect(agent.ask('leave', {})).rejects.toThrow(/leave: the agent ended/);
    await agent.close();
  });

  it('fails when it says something else than JSON', async () => {
    const agent = await start(`process.stdout.write('Connected!\\n');`);
    await expect(agent.ask('leave', {})).rejects.toThrow(/not a line of JSON: Connected!/);
    await agent.crash();
  });

  it('cannot be started when there is no such program', async () => {
    await expect(startProcessAgent({ command: 'no-such-program', args: [] }, [])).rejects.toThrow(/no-such-program/);
  });

  it('is asked one thing after the other when several ask', async () => {
    const agent = await start(`setImmediate(() => say({ id, ok: { partitions: Number(request.topic) } }));`);
    await expect(Promise.all(['1', '2'].map((topic) => agent.ask('partitionCount', { topic })))).rejects.toThrow(
      /before the last request was answered/,
    );
    await agent.crash();
    const patient = oneAtATime(
      await start(`setImmediate(() => say({ id, ok: { partitions: Number(request.topic) } }));`),
    );
    const answers = await Promise.all(['1', '2', '3'].map((topic) => patient.ask('partitionCount', { topic })));
    expect(answers).toEqual([{ partitions: 1 }, { partitions: 2 }, { partitions: 3 }]);
    await patient.close();
  });
});
