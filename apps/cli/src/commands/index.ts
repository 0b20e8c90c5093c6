import type { CommandEntry } from '../command.ts';

/** Every subcommand, in the order in which the help lists them. Each is loaded when it is called, which keeps them quick. */
export const commands: readonly CommandEntry[] = [
  { name: 'up', load: async () => (await import('./up.ts')).up },
  { name: 'server', load: async () => (await import('./server.ts')).server },
  { name: 'zookeeper', load: async () => (await import('./zookeeper.ts')).zookeeper },
  { name: 'storage', load: async () => (await import('./storage.ts')).storage },
  { name: 'topics', load: async () => (await import('./topics.ts')).topics },
  { name: 'configs', load: async () => (await import('./configs.ts')).configs },
  { name: 'console-producer', load: async () => (await import('./console-producer.ts')).consoleProducer },
  { name: 'console-consumer', load: async () => (await import('./console-consumer.ts')).consoleConsumer },
  { name: 'consumer-groups', load: async () => (await import('./consumer-groups.ts')).consumerGroups },
  { name: 'metadata-quorum', load: async () => (await import('./metadata-quorum.ts')).metadataQuorum },
  { name: 'compare', load: async () => (await import('./compare.ts')).compare },
  { name: 'dump-log', load: async () => (await import('./dump-log.ts')).dumpLog },
  { name: 'zk', load: async () => (await import('./zk.ts')).zk },
  { name: 'sim', load: async () => (await import('./sim.ts')).sim },
];
