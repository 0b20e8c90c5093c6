package biquorum.agent;

/** The numbers that the protocol of agents sets. */
final class Limits {
  /** Most records of one line. */
  static final int CHUNK_RECORDS = 500;
  /** Most characters of one line, about. */
  static final int CHUNK_BYTES = 1 << 20;
  /** How long a client retries before it gives up. */
  static final int PATIENCE_MS = 60_000;
  /** How long a client waits for one answer: several times within its patience. */
  static final int REQUEST_MS = 15_000;
  /** How long the broker may hold back an empty answer: a consumer that closes waits for it. */
  static final int FETCH_WAIT_MS = 100;
  /** Up to where the client lets records and requests pass, so that it is the broker that refuses. */
  static final int CLIENT_MAX_BYTES = 64 << 20;

  private Limits() {}
}
