import type { Terminal } from '../command.ts';

/** Where it goes what is found in a file, as text or as JSON. */
export interface Said {
  /** A fact: its text, undefined for one that only programs are told, and the same for programs. */
  say(text: string | undefined, facts: object): void;
  /** Something odd, for the standard error. */
  note(text: string, facts: object): void;
  /** How far it has come; empty at the end. */
  progress(line: string): void;
  /** The file is not as it should be: the tool ends with 1. */
  markBroken(): void;
  readonly isBroken: boolean;
}

/** Tells of one file on a terminal. */
export function saidOf(terminal: Terminal, file: string, json: boolean): Said {
  let isBroken = false;
  const tell = (facts: object): void => terminal.print(JSON.stringify({ file, ...facts }));
  return {
    say: (text, facts) => {
      if (json) tell(facts);
      else if (text !== undefined) terminal.print(text);
    },
    note: (text, facts) => {
      if (json) tell(facts);
      else terminal.complain(text);
    },
    progress: (line) => {
      if (!json) terminal.progress(line);
    },
    markBroken: () => {
      isBroken = true;
    },
    get isBroken() {
      return isBroken;
    },
  };
}
