/**
 * What is proved against Java and foreign clients.
 *
 * @packageDocumentation
 */
export {};
