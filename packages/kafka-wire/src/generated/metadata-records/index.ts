// Made by scripts/generate.ts from the tables beside it in src. Change the tables, then run: pnpm generate
export * from './access-control.ts';
export * from './brokers.ts';
export * from './configuration.ts';
export * from './controllers.ts';
export * from './credentials.ts';
export * from './producer-ids.ts';
export * from './topics.ts';
export * from './transactions.ts';
