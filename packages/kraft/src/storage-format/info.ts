import type { Disk } from '@biquorum/platform';
import { type DirectoryFinding, inspectDirectories } from './directories.ts';

/** What `kafka-storage info` says. */
export interface StorageInfo {
  readonly lines: readonly string[];
  /** The same, directory by directory. */
  readonly findings: readonly DirectoryFinding[];
  /** What is wrong, a line each. */
  readonly problems: readonly string[];
  /** False when something is wrong: the tool ends with status 1. */
  readonly sound: boolean;
}

/** Describes the directories of a node as Apache's tool does. Source: Java `StorageTool.infoCommand` of 3.9. */
export async function describeStorage(disk: Disk, paths: readonly string[]): Promise<StorageInfo> {
  const findings = await inspectDirectories(disk, [...paths].sort());
  const found = findings.filter(({ kind }) => kind !== 'missing').map(({ path }) => path);
  const problems = findings.flatMap(problemOf);
  const formatted = findings.flatMap((finding) => (finding.kind === 'formatted' ? [finding.meta] : []));
  const [first] = formatted;
  for (const { clusterId, nodeId } of formatted) {
    if (clusterId !== first?.clusterId) problems.push(`Mismatched cluster IDs between storage directories.`);
    else if (nodeId !== first.nodeId) problems.push('Mismatched node IDs between storage directories.');
  }
  const lines: string[] = [];
  if (found.length > 0) {
    lines.push(found.length === 1 ? 'Found log directory:' : 'Found log directories:', ...found.map(indent), '');
  }
  if (first !== undefined) {
    const directory = first.directoryId === undefined ? '' : `directory.id=${first.directoryId}, `;
    lines.push(
      `Found metadata: {cluster.id=${first.clusterId}, ${directory}node.id=${first.nodeId}, version=${first.version}}`,
      '',
    );
  }
  if (problems.length > 0) {
    lines.push(problems.length === 1 ? 'Found problem:' : 'Found problems:', ...problems.map(indent), '');
  }
  return { lines, findings, problems, sound: problems.length === 0 };
}

function problemOf(finding: DirectoryFinding): readonly string[] {
  switch (finding.kind) {
    case 'missing':
      return [`${finding.path} does not exist`];
    case 'empty':
      return [`${finding.path} is not formatted.`];
    case 'unusable':
      return [`${finding.path} ${finding.reason}.`];
    case 'formatted':
      return [];
  }
}

function indent(line: string): string {
  return `  ${line}`;
}
