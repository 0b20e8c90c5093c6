import { CompressionTypes, Kafka, logLevel, Partitioners } from 'kafkajs';
import type { MeasuredClient } from './client.ts';

export function kafkajs(bootstrap: string): MeasuredClient {
  const kafka = new Kafka({ clientId: 'side-by-side', brokers: bootstrap.split(','), logLevel: logLevel.ERROR });
  return {
    async producer(topic, acks) {
      const producer = kafka.producer({
        allowAutoTopicCreation: false,
        createPartitioner: Partitioners.DefaultPartitioner,
      });
      await producer.connect();
      return {
        send: (partition, values) =>
          producer.send({
            topic,
            acks,
            compression: CompressionTypes.None,
            messages: values.map((value) => ({ partition, value })),
          }),
        close: () => producer.disconnect(),
      };
    },
    async consumer(topic, onRecords) {
      const consumer = kafka.consumer({ groupId: `kafkajs-${topic}`, maxWaitTimeInMs: 100 });
      await consumer.connect();
      await consumer.subscribe({ topics: [topic], fromBeginning: true });
      await consumer.run({ eachBatch: async ({ batch }) => onRecords(batch.messages.length) });
      return { close: () => consumer.disconnect() };
    },
  };
}
