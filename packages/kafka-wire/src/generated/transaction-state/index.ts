// Made by scripts/generate.ts from the tables beside it in src. Change the tables, then run: pnpm generate
export * from './transaction-log.ts';
