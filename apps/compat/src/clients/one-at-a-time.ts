import type { Agent, Operation, ReplyOf, RequestOf } from './agent-protocol.ts';

/** An agent that several scenarios share: it is asked one thing after the other. */
export function oneAtATime(agent: Agent): Agent {
  let turn: Promise<unknown> = Promise.resolve();
  return {
    hello: agent.hello,
    ask<Op extends Exclude<Operation, 'hello'>>(op: Op, request: RequestOf<Op>): Promise<ReplyOf<Op>> {
      const asked = turn.then(() => agent.ask(op, request));
      turn = asked.catch(() => {});
      return asked;
    },
    crash: () => agent.crash(),
    close: () => turn.then(() => agent.close()),
  };
}
