import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, posix } from 'node:path';

/** A link of a page that leads nowhere within its site. */
export interface DeadLink {
  readonly path: string;
  readonly target: string;
  readonly why: string;
}

/** Links, pictures and scripts of every page of a site that lead to no file of it, or to no place in a page. */
export function deadLinksIn(folder: string): readonly DeadLink[] {
  const files = filesOf(folder);
  const places = new Map<string, ReadonlySet<string>>();
  const placesIn = (path: string): ReadonlySet<string> => {
    const known = places.get(path) ?? placesOf(readFileSync(join(folder, path), 'utf8'));
    places.set(path, known);
    return known;
  };
  const judge = (path: string, target: string): string | undefined => {
    if (target === '' || /^(?:[a-z][a-z0-9+.-]*:|\/\/)/i.test(target)) return undefined;
    const [file = '', place = ''] = target.split('#', 2);
    const resolved = file === '' ? path : posix.join(posix.dirname(path), decodeURI(file));
    if (!files.has(resolved)) return 'there is no such file';
    if (place === '' || !resolved.endsWith('.html')) return undefined;
    return placesIn(resolved).has(decodeURIComponent(place)) ? undefined : 'the page has no such place';
  };
  return [...files]
    .filter((path) => path.endsWith('.html'))
    .flatMap((path) => {
      const text = readFileSync(join(folder, path), 'utf8');
      const targets = [...text.matchAll(/\b(?:href|src|srcset)="([^"]*)"/g)].map(([, target = '']) => target);
      return [...new Set(targets)].flatMap((target) => {
        const why = judge(path, target);
        return why === undefined ? [] : [{ path, target, why }];
      });
    });
}

/**
 * Takes links to folders of sources away, and leaves their words: pages link to them for readers of the repository, and a
 * site of its own has no sources.
 */
export function unlinkFolders(folder: string): void {
  const files = filesOf(folder);
  for (const path of files) {
    if (!path.endsWith('.html')) continue;
    const text = readFileSync(join(folder, path), 'utf8');
    const without = text.replace(/<a href="([^"#]*\bmedia\/[^".#]+)"[^>]*>(.*?)<\/a>/gs, (whole, target, words) =>
      files.has(posix.join(posix.dirname(path), decodeURI(target))) ? whole : words,
    );
    if (without !== text) writeFileSync(join(folder, path), without);
  }
}

function filesOf(folder: string): ReadonlySet<string> {
  const entries = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return new Set(entries.map((path) => path.replaceAll('\\', '/')));
}

function placesOf(html: string): ReadonlySet<string> {
  return new Set([...html.matchAll(/\b(?:id|name)="([^"]+)"/g)].map(([, place = '']) => place));
}
