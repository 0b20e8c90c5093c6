const WIDTH = 120;

/** Paragraphs as a doc comment, wrapped. */
export function docComment(indent: string, paragraphs: readonly string[]): string {
  const single = `${indent}/** ${paragraphs[0]} */\n`;
  if (paragraphs.length === 1 && single.length <= WIDTH + 1) return single;
  const lines = paragraphs.flatMap((paragraph, index) => [
    ...(index > 0 ? [''] : []),
    ...wrap(paragraph, WIDTH - indent.length - 3),
  ]);
  return `${indent}/**\n${lines.map((line) => `${indent} *${line === '' ? '' : ` ${line}`}\n`).join('')}${indent} */\n`;
}

function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, line];
}
