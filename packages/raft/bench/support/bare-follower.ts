import { bareFollower } from './bare.ts';

bareFollower(process.argv[2] as string, Number(process.argv[3]), (port) => process.send?.(port));
