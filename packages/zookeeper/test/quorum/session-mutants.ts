/** A server with one rule about sessions taken out, and what finds it. */
export interface SessionMutant {
  readonly name: string;
  /** What it does. */
  readonly breaks: string;
  /** From `src`; the text is there once. */
  readonly file: string;
  readonly find: string;
  readonly replace: string;
  /** A seed that finds it, and what is said then. */
  readonly seed: number;
  readonly finds: string;
}

/** Broken builds of the server that the checks of sessions have to find. */
export const sessionMutants: readonly SessionMutant[] = [
  {
    name: 'lose-an-ephemerals-session',
    breaks: 'forgets whose an ephemeral is',
    file: 'tree/apply-txn.ts',
    find: 'owner: txn.ephemeral ? clientId : 0n',
    replace: 'owner: txn.ephemeral && zxid % 3 !== 0 ? clientId : 0n',
    seed: 2,
    finds: 'is there, and its session has ended',
  },
  {
    name: 'take-ephemerals-of-the-living',
    breaks: 'takes away ephemerals of a session that lives on',
    file: 'quorum/leader-role.ts',
    find: 'if (!sessions.has(sessionId)) this.#close(sessionId);',
    replace: 'this.#close(sessionId);',
    seed: 1,
    finds: 'lost its session after',
  },
  {
    name: 'serve-a-session-that-has-moved',
    breaks: 'takes requests of a session that is served elsewhere by now',
    file: 'tree/session-tracker.ts',
    find: "return session.owner === owner ? undefined : 'SessionMoved';",
    replace: 'return undefined;',
    seed: 11,
    finds: 'of its own node',
  },
];
