/** At what brokers in ZooKeeper mode meet: one server of Apache's, or an ensemble of ours. */
export const ENSEMBLES = ['apache', 'ours'] as const;

/** One of {@link ENSEMBLES}. */
export type Ensemble = (typeof ENSEMBLES)[number];

/** Whether a text names one. */
export function isEnsemble(text: string): text is Ensemble {
  return ENSEMBLES.some((ensemble) => ensemble === text);
}
