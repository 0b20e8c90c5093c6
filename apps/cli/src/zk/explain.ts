import { ZooKeeperError } from '@biquorum/zookeeper-client';

/** What Apache's shell says of errors, by their code; the path follows. Source: Java `CliWrapperException`. */
const WORDS: Readonly<Record<string, string>> = {
  NoNode: 'Node does not exist: ',
  NoChildrenForEphemerals: 'Ephemerals cannot have children: ',
  NodeExists: 'Node already exists: ',
  NotEmpty: 'Node not empty: ',
  InvalidACL: 'Acl is not valid : ',
  NoAuth: 'Insufficient permission : ',
  BadArguments: 'Arguments are not valid : ',
  BadVersion: 'version No is not valid : ',
  QuotaExceeded: 'Quota has exceeded : ',
};

/** What can be done about an error, where that does not follow from its words. */
const REMEDIES: Readonly<Record<string, string>> = {
  NotEmpty: 'deleteall takes what is below it, too.',
  NoAuth: 'addauth gives an identity; getAcl shows who may.',
  BadVersion: 'stat shows the version that it has.',
  Unimplemented:
    'The servers may be older, or nodes with a time to live not allowed there: zookeeper.extendedTypesEnabled=true allows them.',
  NoWatcher: 'This session has no such watch on it.',
  SessionExpired: 'Connect again.',
};

/** An error in the words of Apache's shell, and what to do about it. */
export function explain(error: ZooKeeperError): string {
  const { code, path } = error;
  const words = WORDS[code];
  const remedy = REMEDIES[code];
  const what = words === undefined || path === null ? error.message : `${words}${path}`;
  return remedy === undefined ? what : `${what}. ${remedy}`;
}

/** The text of an error that a command of the shell ended with; undefined for one that is nobody's fault but ours. */
export function explained(error: unknown): string | undefined {
  if (error instanceof ZooKeeperError) return explain(error);
  if (error instanceof RangeError) return error.message;
  return undefined;
}
