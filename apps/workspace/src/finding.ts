/** One place where the workspace breaks one of its rules. */
export interface Finding {
  /** Path from the root of the workspace. */
  readonly path: string;
  /** Counted from 1; 0 when the finding is about the whole file. */
  readonly line: number;
  /** What is wrong and what to do instead. */
  readonly message: string;
}

/** One line per finding, in the form that editors and terminals turn into a link. */
export function formatFinding(finding: Finding): string {
  const place = finding.line === 0 ? finding.path : `${finding.path}:${finding.line}`;
  return `${place}: ${finding.message}`;
}
