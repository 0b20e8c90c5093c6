/** How the brokers under test can be governed. */
export const MODES = ['kraft', 'zookeeper', 'reference'] as const;

/** One of {@link MODES}. */
export type Mode = (typeof MODES)[number];

/** The modes that clusters have for those who use them, with their names. */
export const PUBLIC_MODES: ReadonlyMap<Mode, string> = new Map<Mode, string>([
  ['kraft', 'KRaft'],
  ['zookeeper', 'ZooKeeper'],
]);

/** Whether a text names a mode. */
export function isMode(text: string): text is Mode {
  return MODES.some((mode) => mode === text);
}
