/** The parent of a path; that of the root is the empty path, under which nothing lies. */
export function parentOf(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash > 0 ? path.slice(0, slash) : path.length > 1 && slash === 0 ? '/' : '';
}

/** The last part of a path. */
export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/**
 * Says what is wrong with a path that is to be created; undefined when nothing is. Source: Java `PathUtils.validatePath`.
 */
export function faultOfPath(path: string): string | undefined {
  if (path === '') return 'the path is empty; it begins with "/"';
  if (!path.startsWith('/')) return `path "${path}" does not begin with "/"`;
  if (path === '/') return undefined;
  if (path.endsWith('/')) return `path "${path}" ends with "/"; leave it out`;
  for (let at = 1; at < path.length; at++) {
    const unit = path.charCodeAt(at);
    if (isForbidden(unit)) return `path "${path}" has the forbidden character U+${unit.toString(16).padStart(4, '0')}`;
    if (unit !== SLASH && unit !== DOT) continue;
    const before = path.charCodeAt(at - 1);
    if (unit === SLASH && before === SLASH) return `path "${path}" has an empty part`;
    // A part of one or two dots, seen at its end.
    const ends = at + 1 === path.length || path.charCodeAt(at + 1) === SLASH;
    if (unit !== DOT || !ends) continue;
    if (before === SLASH || (before === DOT && path.charCodeAt(at - 2) === SLASH)) {
      return `path "${path}" is relative: "." and ".." cannot be parts of it`;
    }
  }
  return undefined;
}

const SLASH = 0x2f;
const DOT = 0x2e;

function isForbidden(unit: number): boolean {
  return (
    unit < 0x20 ||
    (unit >= 0x7f && unit <= 0x9f) ||
    (unit >= 0xd800 && unit <= 0xf8ff) ||
    (unit >= 0xfff0 && unit <= 0xffff)
  );
}

/** The node that a server keeps for itself. */
export const ZOOKEEPER = '/zookeeper';
/** Limits and usage of subtrees. */
export const QUOTA = '/zookeeper/quota';
/** The ensemble's members. */
export const CONFIG = '/zookeeper/config';
