import { Consumer, Producer } from '@platformatic/kafka';
import type { MeasuredClient } from './client.ts';

export function platformatic(bootstrap: string): MeasuredClient {
  const common = { clientId: 'side-by-side', bootstrapBrokers: bootstrap.split(',') };
  return {
    async producer(topic, acks) {
      const producer = new Producer({ ...common, idempotent: false });
      return {
        send: (partition, values) =>
          producer.send({ acks, messages: values.map((value) => ({ topic, partition, value })) }),
        close: () => producer.close(true),
      };
    },
    async consumer(topic, onRecords) {
      const consumer = new Consumer({ ...common, groupId: `platformatic-${topic}` });
      const stream = await consumer.consume({
        topics: [topic],
        mode: 'earliest',
        autocommit: false,
        maxWaitTime: 100,
        highWaterMark: 4096,
      });
      stream.on('data', () => onRecords(1));
      return { close: () => consumer.close(true) };
    },
  };
}
