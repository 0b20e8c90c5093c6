/** The versions of the protocol between brokers that 3.9 knows. Source: Java `MetadataVersion`. */
export const PROTOCOL_VERSIONS: readonly string[] = (
  '0.8.0 0.8.1 0.8.2 0.9.0 0.10.0-IV0 0.10.0-IV1 0.10.1-IV0 0.10.1-IV1 0.10.1-IV2 0.10.2-IV0 ' +
  '0.11.0-IV0 0.11.0-IV1 0.11.0-IV2 1.0-IV0 1.1-IV0 2.0-IV0 2.0-IV1 2.1-IV0 2.1-IV1 2.1-IV2 ' +
  '2.2-IV0 2.2-IV1 2.3-IV0 2.3-IV1 2.4-IV0 2.4-IV1 2.5-IV0 2.6-IV0 2.7-IV0 2.7-IV1 ' +
  '2.7-IV2 2.8-IV0 2.8-IV1 3.0-IV0 3.0-IV1 3.1-IV0 3.2-IV0 3.3-IV0 3.3-IV1 3.3-IV2 ' +
  '3.3-IV3 3.4-IV0 3.5-IV0 3.5-IV1 3.5-IV2 3.6-IV0 3.6-IV1 3.6-IV2 3.7-IV0 3.7-IV1 ' +
  '3.7-IV2 3.7-IV3 3.7-IV4 3.8-IV0 3.9-IV0 4.0-IV0 4.0-IV1'
).split(' ');

const KEYS: ReadonlySet<string> = new Set(
  PROTOCOL_VERSIONS.flatMap((version) => [version, version.replace(/-IV\d+$/, '')]),
);

/**
 * Is this a version, in full (`3.9-IV0`), short (`3.9`), or that of a release (`3.9.2`)? Source: Java
 * `MetadataVersion.fromVersionString`.
 */
export function isProtocolVersion(text: string): boolean {
  const segments = text.split('.');
  return KEYS.has(segments.slice(0, text.startsWith('0.') ? 3 : 2).join('.'));
}
