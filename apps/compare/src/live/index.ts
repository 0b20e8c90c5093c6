/**
 * Both modes at once, live: two clusters in this process, a steady load on each, and a page that shows them on one
 * clock.
 *
 * @packageDocumentation
 */
export { type Both, type BothOptions, DETECTION_MS, detectionMsOf, startBoth } from './both.ts';
export { Live, type LiveOptions } from './live.ts';
export { type LiveMode, MODES } from './protocol.ts';
