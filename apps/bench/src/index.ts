/**
 * Benches with a baseline: runs cases side by side and prints ratios.
 *
 * @packageDocumentation
 */
export {};
