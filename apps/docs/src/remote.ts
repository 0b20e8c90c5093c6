import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Something in a page that a browser would fetch from another host. */
export interface RemoteLoad {
  readonly path: string;
  readonly what: string;
}

const patterns: readonly RegExp[] = [
  /<(?:script|img|iframe|source|video|audio|embed|object|use)\b[^>]*?\b(?:src|srcset|data|href)\s*=\s*["']?(?:https?:)?\/\/[^"'\s>]+/gi,
  /<link\b[^>]*?\bhref\s*=\s*["']?(?:https?:)?\/\/[^"'\s>]+/gi,
  /@import\s+["'](?:https?:)?\/\/[^"')\s]+/gi,
  /\burl\(\s*["']?(?:https?:)?\/\/[^"')\s]+/gi,
  /\b(?:fetch|importScripts|import)\(\s*["'`](?:https?:)?\/\/[^"'`\s]+/gi,
];

/** Finds what a text would load from another host. Links that a reader may follow are no loads. */
export function remoteLoadsOf(path: string, text: string): readonly RemoteLoad[] {
  return patterns.flatMap((pattern) => [...text.matchAll(pattern)].map(([what]) => ({ path, what })));
}

/** The same for every page, style sheet and script of a site. */
export function remoteLoadsIn(folder: string): readonly RemoteLoad[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.(html|css|js|svg)$/.test(path))
    .flatMap((path) => remoteLoadsOf(path, readFileSync(join(folder, path), 'utf8')));
}
