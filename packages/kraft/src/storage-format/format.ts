import { formatMetaProperties, makeDurableDirectory } from '@biquorum/log';
import type { Ports } from '@biquorum/platform';
import { metadataVersionOf } from '../image/metadata-version.ts';
import { bootstrapCheckpoint, type FeatureLevel, type InitialVoter, votersCheckpoint } from './checkpoints.ts';
import { type DirectoryFinding, inspectDirectories, META_PROPERTIES } from './directories.ts';
import { FormatError } from './format-error.ts';
import { decideFeatures } from './initial-features.ts';
import { randomUuid } from './uuids.ts';

/** How the quorum of a new cluster begins. */
export type InitialQuorum =
  /** Voters stand in `controller.quorum.voters`, or this node joins later (`--no-initial-controllers`). */
  | { readonly kind: 'unwritten'; readonly dynamic: boolean }
  /** The first voters are written down (KIP-853), with the name of the controllers' listener. */
  | { readonly kind: 'voters'; readonly voters: readonly InitialVoter[]; readonly listener: string };

/** What to format, and for which cluster. */
export interface FormatOptions {
  readonly clusterId: string;
  readonly nodeId: number;
  /** `log.dirs`; the metadata directory may be one of them. */
  readonly directories: readonly string[];
  readonly metadataDirectory: string;
  readonly quorum: InitialQuorum;
  /** Leaves alone what is formatted for this node, instead of refusing. */
  readonly ignoreFormatted?: boolean;
  /** `--release-version`, such as `3.9`. */
  readonly release?: string;
  /** `--feature`. */
  readonly features?: readonly FeatureLevel[];
}

/** A directory that was made ready. */
export interface FormattedDirectory {
  readonly path: string;
  /** What it is for, as `kafka-storage` calls it. */
  readonly kind: 'data directory' | MetadataDirectoryKind;
  /** 22 characters of base64url. */
  readonly directoryId: string;
  /** The level that a new cluster begins with, such as `3.9-IV0`. */
  readonly metadataVersion: string;
}

type MetadataDirectoryKind = 'metadata directory' | 'dynamic metadata directory' | 'dynamic metadata voter directory';

/**
 * Makes directories ready for a node of a quorum-governed cluster, as {@link formatDirectories} does.
 *
 * @returns One line for each directory, as `kafka-storage format` prints them.
 * @throws FormatError when they cannot or must not be formatted; then nothing was written
 */
export async function formatStorage(
  ports: Pick<Ports, 'disk' | 'random' | 'clock'>,
  options: FormatOptions,
): Promise<readonly string[]> {
  return formatLines(await formatDirectories(ports, options));
}

/** What `kafka-storage format` prints when it has made these directories ready. */
export function formatLines(formatted: readonly FormattedDirectory[]): readonly string[] {
  if (formatted.length === 0) return ['All of the log directories are already formatted.'];
  return formatted.map(
    ({ path, kind, metadataVersion }) => `Formatting ${kind} ${path} with metadata.version ${metadataVersion}.`,
  );
}

/**
 * Makes directories ready for a node of a quorum-governed cluster: identity, the records that a new cluster begins with,
 * and the first voters of a dynamic quorum.
 *
 * Source: Java `Formatter` of 3.9.
 *
 * @returns What was made ready; nothing when all of it was ready before, and that is to be ignored.
 * @throws FormatError when they cannot or must not be formatted; then nothing was written
 */
export async function formatDirectories(
  ports: Pick<Ports, 'disk' | 'random' | 'clock'>,
  options: FormatOptions,
): Promise<readonly FormattedDirectory[]> {
  const { disk } = ports;
  const features = decideFeatures(options);
  const paths = [...new Set([...options.directories, options.metadataDirectory])];
  const findings = await inspectDirectories(disk, paths);
  const open = findings.filter((finding) => isToBeFormatted(finding, options));
  const level = features.find(({ name }) => name === 'metadata.version')?.level ?? 0;
  const taken = new Set<string>(
    findings.flatMap((finding) => (finding.kind === 'formatted' ? (finding.meta.directoryId ?? []) : [])),
  );
  const metadataVersion = metadataVersionOf(level)?.name ?? '';
  const formatted: FormattedDirectory[] = [];
  for (const { path } of open) {
    const kind = path === options.metadataDirectory ? kindOf(options) : 'data directory';
    await makeDurableDirectory(disk, path);
    await disk.replace(
      `${path}/bootstrap.checkpoint`,
      bootstrapCheckpoint(features, () => ports.clock.wallMs()),
    );
    if (path === options.metadataDirectory) await writeVoters(ports, options);
    const directoryId = directoryIdOf(path, options, () => freshId(ports, taken));
    // The directory counts as formatted once this stands: it comes last.
    const meta = { version: 1, clusterId: options.clusterId, nodeId: options.nodeId, directoryId } as const;
    await disk.replace(`${path}/${META_PROPERTIES}`, formatMetaProperties(meta));
    formatted.push({ path, kind, directoryId, metadataVersion });
  }
  return formatted;
}

function isToBeFormatted(finding: DirectoryFinding, options: FormatOptions): boolean {
  const { path } = finding;
  switch (finding.kind) {
    case 'missing':
    case 'empty':
      return true;
    case 'unusable':
      throw new FormatError(`I/O error trying to read log directory ${path}: it ${finding.reason}.`);
    case 'formatted': {
      if (options.ignoreFormatted !== true) {
        throw new FormatError(
          `Log directory ${path} is already formatted. Use --ignore-formatted to ignore this directory and format the others.`,
        );
      }
      const { clusterId, nodeId } = finding.meta;
      const file = `${path}/${META_PROPERTIES}`;
      if (clusterId !== options.clusterId) {
        throw new FormatError(`Invalid cluster.id in: ${file}. Expected ${options.clusterId}, but read ${clusterId}`);
      }
      if (nodeId !== options.nodeId) {
        throw new FormatError(`Stored node id ${nodeId} doesn't match previous node id ${options.nodeId} in ${file}.`);
      }
      return false;
    }
  }
}

function kindOf({ quorum, nodeId }: FormatOptions): MetadataDirectoryKind {
  if (quorum.kind !== 'voters') return 'metadata directory';
  return quorum.voters.some(({ id }) => id === nodeId)
    ? 'dynamic metadata voter directory'
    : 'dynamic metadata directory';
}

async function writeVoters(ports: Pick<Ports, 'disk' | 'clock'>, options: FormatOptions): Promise<void> {
  const { quorum, metadataDirectory } = options;
  if (quorum.kind !== 'voters') return;
  const directory = `${metadataDirectory}/__cluster_metadata-0`;
  await ports.disk.makeDirectory(directory);
  const bytes = votersCheckpoint(quorum.voters, quorum.listener, () => ports.clock.wallMs());
  await ports.disk.replace(`${directory}/00000000000000000000-0000000000.checkpoint`, bytes);
}

/** A voter's metadata directory has the id that its voters' record names. */
function directoryIdOf(
  path: string,
  { metadataDirectory, quorum, nodeId }: FormatOptions,
  fresh: () => string,
): string {
  const own =
    path === metadataDirectory && quorum.kind === 'voters' ? quorum.voters.find(({ id }) => id === nodeId) : undefined;
  return own?.directoryId ?? fresh();
}

function freshId({ random }: Pick<Ports, 'random'>, taken: Set<string>): string {
  for (;;) {
    const id = randomUuid(random);
    if (taken.has(id)) continue;
    taken.add(id);
    return id;
  }
}
