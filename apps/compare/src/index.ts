/**
 * Both modes side by side: one scenario, run in ZooKeeper mode and in KRaft mode, and one report about both.
 *
 * @packageDocumentation
 */
export { type Spread, spreadOf } from './report/spread.ts';
