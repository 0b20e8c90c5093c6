import type { Outcome } from '../java/run-program.ts';

/** What is typed into Apache's command line; of what it prints, times, zxids and ids of sessions are left out. */
export const SCRIPT: readonly string[] = [
  'create /cli one',
  'create /cli two',
  'create -s /cli/n- x',
  'create -e /cli/e y',
  'create -c /cli/container',
  'create -t 100000 /cli/ttl z',
  'get /cli',
  'get -s /cli',
  'set /cli three',
  'set -v 0 /cli four',
  'stat /cli',
  'ls /cli',
  'ls -s /cli',
  'ls -R /cli',
  'getAllChildrenNumber /cli',
  'getEphemerals /cli',
  'whoami',
  'addauth digest bob:secret',
  'setAcl /cli/n-0000000000 auth::cdrwa',
  'getAcl /cli/n-0000000000',
  'getAcl -s /cli',
  'setquota -n 10 -b 100 /cli',
  'listquota /cli',
  'delquota /cli',
  'sync /cli',
  'delete /cli',
  'delete /cli/e',
  'get /cli/none',
  'config',
  'deleteall /cli',
  'ls /',
  'quit',
];

/** Lines of a run without what differs from run to run. */
export function normalised({ stdout }: Outcome): readonly string[] {
  return stdout
    .split('\n')
    .map((line) => line.replace(/^\[zk: [^\]]*\] /, '').trimEnd())
    .filter((line) => line !== '' && !/^(Welcome|JLine|WATCHER|WatchedEvent|Connecting to)/.test(line))
    .map((line) =>
      line
        .replace(/^(cZxid|mZxid|pZxid|ephemeralOwner) = 0x[0-9a-f]+$/, '$1 = <zxid>')
        .replace(/^(ctime|mtime) = .*$/, '$1 = <time>')
        .replace(/(127\.0\.0\.1|localhost):\d+/g, '<server>'),
    );
}
