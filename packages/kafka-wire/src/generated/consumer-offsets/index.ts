// Made by scripts/generate.ts from the tables beside it in src. Change the tables, then run: pnpm generate
export * from './consumer-group-current-member-assignment.ts';
export * from './consumer-group-member-metadata.ts';
export * from './consumer-group-metadata.ts';
export * from './consumer-group-partition-metadata.ts';
export * from './consumer-group-target-assignment-member.ts';
export * from './consumer-group-target-assignment-metadata.ts';
export * from './group-metadata.ts';
export * from './offset-commit.ts';
export * from './share-group-member-metadata.ts';
export * from './share-group-metadata.ts';
export * from './share-group-partition-metadata.ts';
