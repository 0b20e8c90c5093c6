/**
 * The rules of this workspace as code: boundaries, style, CI.
 *
 * @packageDocumentation
 */
export {};
