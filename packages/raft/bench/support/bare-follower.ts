import { bareFollower } from './bare.ts';

bareFollower(process.argv[2] as string, (port) => process.send?.(port));
