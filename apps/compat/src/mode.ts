/** How the brokers under test can be governed; the first where none is named. */
export const MODES = ['kraft', 'reference'] as const;

/** One of {@link MODES}. */
export type Mode = (typeof MODES)[number];

/** Whether a text names a mode. */
export function isMode(text: string): text is Mode {
  return MODES.some((mode) => mode === text);
}
