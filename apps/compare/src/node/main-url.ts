/** `file:` URL of the program of nodes that are measured: beside this module, or beside the bundle that it is part of. */
export const measuredMain: string = import.meta.url.replace(/[^/]*(\.[jt]s)$/, 'measured-main$1');
