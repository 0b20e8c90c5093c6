import { createServer } from 'node:net';
import { makeTemporaryDirectory, removeAtExit } from '@biquorum/platform/node';
import { untilAsked } from '../../src/until-asked.ts';

// A stop that hangs: what it waits for never comes.
removeAtExit(await makeTemporaryDirectory('biquorum-'));
const asked = untilAsked();
createServer().listen(0, '127.0.0.1');
console.log('runs');
await asked;
console.log('asked');
