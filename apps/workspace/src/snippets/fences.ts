/** A fenced block of a Markdown page. */
export interface Fence {
  /** Line of its first line of text, counted from 1. */
  readonly line: number;
  /** First word behind the fence; empty without one. */
  readonly language: string;
  /** The words after it, which Git hosts do not look at. */
  readonly words: readonly string[];
  readonly lines: readonly string[];
}

/** The fenced blocks of a page, from top to bottom; one that is never closed goes to the end. */
export function fencesOf(text: string): readonly Fence[] {
  const fences: Fence[] = [];
  let open: { fence: Fence & { lines: string[] }; mark: string; indent: number } | undefined;
  for (const [index, line] of text.split('\n').entries()) {
    const [, space = '', mark = '', info = ''] = /^( *)(`{3,}|~{3,})(.*)$/.exec(line) ?? [];
    if (open === undefined) {
      if (mark === '') continue;
      const [language = '', ...words] = info.trim().split(/\s+/);
      open = { fence: { line: index + 2, language, words, lines: [] }, mark, indent: space.length };
      fences.push(open.fence);
    } else if (mark.startsWith(open.mark) && info.trim() === '') {
      open = undefined;
    } else {
      open.fence.lines.push(line.slice(0, open.indent).trim() === '' ? line.slice(open.indent) : line);
    }
  }
  return fences;
}
