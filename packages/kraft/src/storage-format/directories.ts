import { type MetaPropertiesV1, parseMetaProperties } from '@biquorum/log';
import { type Disk, DiskError } from '@biquorum/platform';

/** Name of the file that says whose a directory is. */
export const META_PROPERTIES: string = 'meta.properties';
const META_PROPERTIES_BYTES_MAX = 1 << 20;

/** What one directory of a node looks like. */
export type DirectoryFinding =
  | { readonly kind: 'missing'; readonly path: string }
  | { readonly kind: 'empty'; readonly path: string }
  | { readonly kind: 'formatted'; readonly path: string; readonly meta: MetaPropertiesV1 }
  /** It belongs to a broker of ZooKeeper mode, or cannot be read. */
  | { readonly kind: 'unusable'; readonly path: string; readonly reason: string };

/** Looks at directories, in order. Source: Java `MetaPropertiesEnsemble.Loader`. */
export function inspectDirectories(disk: Disk, paths: readonly string[]): Promise<readonly DirectoryFinding[]> {
  return Promise.all(paths.map((path) => inspect(disk, path)));
}

async function inspect(disk: Disk, path: string): Promise<DirectoryFinding> {
  try {
    const status = await disk.stat(path);
    if (status === undefined) return { kind: 'missing', path };
    if (status.kind !== 'directory') return { kind: 'unusable', path, reason: 'is not a directory' };
  } catch (error) {
    return { kind: 'unusable', path, reason: String(error) };
  }
  const file = `${path}/${META_PROPERTIES}`;
  try {
    const meta = parseMetaProperties(file, await disk.readWhole(file, META_PROPERTIES_BYTES_MAX));
    if (meta.version === 1) return { kind: 'formatted', path, meta };
    return { kind: 'unusable', path, reason: 'belongs to a broker in ZooKeeper mode (meta.properties has version 0)' };
  } catch (error) {
    if (isMissing(error)) return { kind: 'empty', path };
    return { kind: 'unusable', path, reason: error instanceof Error ? error.message : String(error) };
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof DiskError && error.code === 'not-found';
}
