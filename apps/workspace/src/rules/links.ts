import { posix } from 'node:path';
import type { Finding } from '../finding.ts';
import type { Tree } from '../tree.ts';

/**
 * Relative links and pictures of every Markdown page: the target exists and, where the link names a heading of a page, so does the
 * heading. Links to other hosts are not followed.
 *
 * @param exists - Whether a path from the root of the workspace exists, as a file or a folder.
 */
export function checkLinks(tree: Tree, exists: (path: string) => boolean): readonly Finding[] {
  const findings: Finding[] = [];
  for (const [path, text] of tree.files) {
    if (!path.endsWith('.md')) continue;
    for (const { target, line } of linksOf(text)) {
      const message = judgeLink(tree, path, target, exists);
      if (message !== undefined) findings.push({ path, line, message });
    }
  }
  return [...findings, ...unlistedRecords(tree)];
}

/** A decision record that its list does not name is not found by readers. */
function unlistedRecords(tree: Tree): Finding[] {
  const list = tree.files.get('docs/adr/README.md') ?? '';
  return [...tree.files.keys()]
    .filter((path) => /^docs\/adr\/\d{4}-[^/]+\.md$/.test(path) && !list.includes(`(${posix.basename(path)})`))
    .map((path) => ({ path, line: 0, message: 'is not listed. Instead: give it a row in docs/adr/README.md.' }));
}

function judgeLink(tree: Tree, path: string, target: string, exists: (path: string) => boolean): string | undefined {
  if (/^[a-z][a-z0-9+.-]*:/i.test(target)) return undefined;
  const [file = '', anchor] = target.split('#', 2);
  const resolved = file === '' ? path : posix.normalize(posix.join(posix.dirname(path), decodeURI(file)));
  if (resolved.startsWith('..') || posix.isAbsolute(file))
    return `${target} leaves the repository. Instead: link inside it.`;
  // The reference is generated; whether it is there depends on whether it was built.
  if (resolved.startsWith('docs/api/')) return undefined;
  if (!tree.files.has(resolved) && !exists(resolved)) return `${target} does not exist. Instead: correct the link.`;
  const page = tree.files.get(resolved);
  if (anchor !== undefined && anchor !== '' && page !== undefined && !headingsOf(page).has(anchor)) {
    return `${target}: the page has no such heading. Instead: one of ${[...headingsOf(page)].join(', ')}.`;
  }
  return undefined;
}

function linksOf(text: string): { readonly target: string; readonly line: number }[] {
  const links: { target: string; line: number }[] = [];
  unfencedLines(text).forEach((whole, index) => {
    const line = whole.replace(/`[^`]*`/g, '');
    for (const match of line.matchAll(/\[[^\]]*\]\(([^)\s]+)(?:\s+"[^"]*")?\)/g)) {
      links.push({ target: match[1] ?? '', line: index + 1 });
    }
    for (const match of line.matchAll(/\b(?:src|srcset)="([^"\s]+)"/g)) {
      links.push({ target: match[1] ?? '', line: index + 1 });
    }
    const definition = /^\[[^\]]+\]:\s+(\S+)/.exec(line);
    if (definition !== null) links.push({ target: definition[1] ?? '', line: index + 1 });
  });
  return links;
}

/** Anchors of a page's headings, formed as Git hosts form them. */
function headingsOf(text: string): ReadonlySet<string> {
  const anchors = new Set<string>();
  for (const line of unfencedLines(text)) {
    const title = /^#{1,6}\s+(.*)$/.exec(line)?.[1];
    if (title !== undefined)
      anchors.add(
        title
          .toLowerCase()
          .replace(/[^\p{L}\p{N} _-]/gu, '')
          .replace(/ /g, '-'),
      );
  }
  return anchors;
}

/** The lines of a page with code blocks blanked out, so that line numbers stay right. */
function unfencedLines(text: string): string[] {
  let fenced = false;
  return text.split('\n').map((line) => {
    if (/^\s*(```|~~~)/.test(line)) {
      fenced = !fenced;
      return '';
    }
    return fenced ? '' : line;
  });
}
