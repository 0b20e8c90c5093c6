/**
 * The version that the server gives itself to tools: they go by the number, which is that of the ZooKeeper whose
 * protocol and files it speaks.
 */
export const SERVER_VERSION = '3.9.5-biquorum, built on 2026-11-21 00:00 UTC';
