/** A client library that is measured: both do the same work through it. */
export interface MeasuredClient {
  producer(topic: string, acks: 1 | -1): Promise<MeasuredProducer>;
  /** Reads a topic from its beginning in a new group, and says of each piece how many records it had. */
  consumer(topic: string, onRecords: (count: number) => void): Promise<{ close(): Promise<void> }>;
}

/** Sends batches. */
export interface MeasuredProducer {
  /** Sends values to one partition in one request; resolves when they are acknowledged. */
  send(partition: number, values: readonly Buffer[]): Promise<unknown>;
  close(): Promise<void>;
}
