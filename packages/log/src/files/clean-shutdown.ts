const ENCODER = new TextEncoder();
const DECODER = new TextDecoder();

/** The text of `.kafka_cleanshutdown`. Source: `CleanShutdownFileHandler` (3.8 and newer; before, it was empty). */
export function formatCleanShutdown(brokerEpoch: number): Uint8Array<ArrayBuffer> {
  return ENCODER.encode(`{"version":0,"brokerEpoch":${brokerEpoch}}`);
}

/**
 * The epoch that the broker was registered with when it stopped cleanly; undefined where the file does not tell, as
 * older releases leave it.
 */
export function parseCleanShutdown(bytes: Uint8Array): number | undefined {
  try {
    const content: unknown = JSON.parse(DECODER.decode(bytes));
    if (typeof content !== 'object' || content === null || !('brokerEpoch' in content)) return undefined;
    const { brokerEpoch } = content;
    return typeof brokerEpoch === 'number' && Number.isSafeInteger(brokerEpoch) ? brokerEpoch : undefined;
  } catch {
    return undefined;
  }
}
