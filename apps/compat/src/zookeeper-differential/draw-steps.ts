import type { Prng } from '@biquorum/std';
import { type Ask, type MultiPart, SESSIONS, type Step } from './steps.ts';

const OPEN = ['31:world:anyone'];
/** A negotiated timeout is never so short that a busy machine lets the session expire. */
const TIMEOUTS_MS = [30_000, 45_000, 1_000_000];
const STEPS_MAX = 30;

/** Draws a sequence: few names, so that what is asked meets what is there. */
export function drawSteps(prng: Prng): readonly Step[] {
  const steps: Step[] = [];
  const open = new Set<number>();
  const dropped = new Set<number>();
  const count = prng.between(6, STEPS_MAX);
  while (steps.length < count) {
    const session = prng.below(SESSIONS);
    if (!open.has(session)) {
      if (dropped.has(session) && prng.chance(0.7)) {
        steps.push({ kind: 'resume', session, honest: prng.chance(0.8) });
      } else steps.push({ kind: 'open', session, timeoutMs: prng.pick(TIMEOUTS_MS), old: prng.chance(0.2) });
      open.add(session);
      dropped.delete(session);
    } else if (prng.chance(0.03)) {
      steps.push({ kind: 'drop', session });
      open.delete(session);
      dropped.add(session);
    } else if (prng.chance(0.02)) {
      // Without a drop before: the server ends the connection that it had.
      steps.push({ kind: 'resume', session, honest: prng.chance(0.7) });
    } else {
      const asks = prng.chance(0.03)
        ? drawQuota(prng)
        : Array.from({ length: prng.chance(0.8) ? 1 : prng.between(2, 4) }, () => drawAsk(prng));
      // Apache's server authenticates, and drops what it does not know, past the queue of requests; and until an ACL is
      // set, what comes behind is judged by the one before.
      const alone = asks.find(({ op }) => op === 'auth' || op === 'raw' || op === 'setACL');
      // Whether what comes behind the end of a session is answered is a matter of luck.
      const end = asks.findIndex(({ op }) => op === 'closeSession');
      steps.push({
        kind: 'ask',
        session,
        asks: alone !== undefined ? [alone] : asks.slice(0, end < 0 ? asks.length : end + 1),
      });
    }
  }
  return steps;
}

function drawAsk(prng: Prng): Ask {
  const draw = prng.float();
  if (draw < 0.26) return drawCreate(prng);
  if (draw < 0.34) return { op: 'delete', path: drawPath(prng), version: drawVersion(prng) };
  if (draw < 0.42) return { op: 'setData', path: drawPath(prng), data: drawData(prng), version: drawVersion(prng) };
  if (draw < 0.47)
    return { op: 'setACL', path: drawOwnPath(prng), acl: drawAcl(prng, 0.3), version: drawVersion(prng) };
  if (draw < 0.64) {
    const op = prng.pick(['exists', 'getData', 'getChildren', 'getChildren2'] as const);
    return { op, path: drawPath(prng), watch: prng.chance(0.6) };
  }
  if (draw < 0.71) {
    const op = prng.pick(['getACL', 'sync', 'getEphemerals', 'getAllChildrenNumber'] as const);
    return { op, path: op === 'getAllChildrenNumber' ? drawOwnPath(prng) : drawPath(prng) };
  }
  if (draw < 0.78) {
    const op = prng.pick(['addWatch', 'addWatch', 'addWatch', 'checkWatches', 'removeWatches'] as const);
    const type = op === 'addWatch' ? prng.pick([0, 1, 0, 1, 0, 1, 2]) : prng.pick([1, 2, 3, 4, 5, 0, 9]);
    return { op, path: drawPath(prng), type };
  }
  if (draw < 0.9) return drawMulti(prng);
  if (draw < 0.93) return drawSetWatches(prng);
  if (draw < 0.965) return drawAuth(prng);
  if (draw < 0.975) return { op: 'whoAmI' };
  if (draw < 0.985) return { op: 'closeSession' };
  return drawRaw(prng);
}

function drawCreate(prng: Prng): MultiPart & { readonly op: 'create' | 'create2' | 'createContainer' | 'createTTL' } {
  const common = { path: drawPath(prng), data: drawData(prng), acl: drawAcl(prng, 0.75) };
  const draw = prng.float();
  // Of an ephemeral container Apache's server thinks this until it is made, and that afterwards.
  if (draw < 0.1) return { op: 'createContainer', ...common, flags: prng.chance(0.9) ? 4 : prng.pick([0, 2]) };
  if (draw < 0.22) {
    const drawn = prng.pick([1, 60_000, 600_000, 0, -1, 0xff_ffff_ffff, 0x100_0000_0000]);
    const flags = prng.pick([5, 6, 5, 6, 5, 6, 0, 1, 4, 7, -1]);
    // Negative ones only where the mode asks for one.
    const ttlMs = flags === 5 || flags === 6 ? drawn : Math.max(0, drawn);
    return { op: 'createTTL', ...common, flags, ttlMs };
  }
  const op = prng.chance(0.5) ? 'create' : 'create2';
  return { op, ...common, flags: prng.pick([0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 5, 6, 7, -1]) };
}

/** Limits of a node, and what is counted against them. */
function drawQuota(prng: Prng): readonly Ask[] {
  const name = prng.pick(['', ...NAMES.map((one) => `/${one}`)]);
  const limits = prng.pick([
    'count=2,bytes=-1',
    'count=-1,bytes=10',
    'count=1,bytes=1,countHardLimit=2',
    'count=x',
    '',
  ]);
  const create = (path: string, data: string): Ask => ({ op: 'create', path, data, acl: OPEN, flags: 0 });
  const whole = [
    create('^', ''),
    ...(name === '' ? [] : [create(`^${name}`, '')]),
    create(`^${name}/zookeeper_limits`, limits),
    create(`^${name}/zookeeper_stats`, 'count=0,bytes=0'),
  ];
  return prng.chance(0.8) ? whole : prng.shuffle(whole);
}

function drawMulti(prng: Prng): Ask {
  const reads = prng.chance(0.2);
  const parts = Array.from({ length: prng.between(reads ? 1 : 0, 4) }, (): MultiPart => {
    const isRead = prng.chance(0.04) ? !reads : reads;
    if (isRead) return { op: prng.chance(0.5) ? 'getData' : 'getChildren', path: drawPath(prng), watch: false };
    const draw = prng.float();
    if (draw < 0.5) return drawCreate(prng);
    if (draw < 0.7) return { op: 'delete', path: drawPath(prng), version: drawVersion(prng, 0.85) };
    if (draw < 0.85) {
      return { op: 'setData', path: drawPath(prng), data: drawData(prng), version: drawVersion(prng, 0.85) };
    }
    return { op: 'check', path: drawPath(prng), version: drawVersion(prng, 0.7) };
  });
  return { op: reads ? 'multiRead' : 'multi', parts };
}

function drawSetWatches(prng: Prng): Ask {
  const some = (): string[] => Array.from({ length: prng.below(3) }, () => drawPath(prng));
  const kinds = { data: some(), exist: some(), child: some() };
  const since = prng.below(25);
  if (prng.chance(0.4)) return { op: 'setWatches', since, ...kinds, persistent: [], recursive: [] };
  return { op: 'setWatches2', since, ...kinds, persistent: some(), recursive: some() };
}

function drawAuth(prng: Prng): Ask {
  const [scheme, text] = prng.pick([
    ['digest', 'bob:pw'],
    ['digest', 'bob:pw'],
    ['digest', 'alice:secret'],
    ['digest', 'alice:secret'],
    ['digest', 'super:test'],
    ['digest', 'nobody'],
    ['digest', ''],
    ['digest', 'a:b:c'],
    ['ip', '10.0.0.1'],
    ['world', 'anyone'],
    ['auth', ''],
    ['unheard-of', 'x'],
  ] as const);
  return { op: 'auth', scheme, text };
}

function drawRaw(prng: Prng): Ask {
  const type = prng.pick([1, 2, 3, 4, 5, 6, 7, 8, 12, 13, 14, 15, 18, 19, 21, 22, 103, 104, 105, 106, 99, 1000]);
  const body = prng.pick([
    '',
    '00',
    '00000000',
    'ffffffff',
    '7fffffff',
    '0000000161',
    '000000012f',
    '0000000261',
  ] as const);
  return { op: 'raw', type, body };
}

const NAMES = ['a', 'b', 'c'];

/** Now and then one that is none, or lies outside of what belongs to the sequence. */
function drawPath(prng: Prng): string {
  const draw = prng.float();
  if (draw < 0.03)
    return `^${prng.pick(['', '/a', '/b', '/c'])}${prng.pick(['', '/zookeeper_stats', '/zookeeper_limits'])}`;
  return draw < 0.08 ? prng.pick(ODD_PATHS) : drawOwnPath(prng);
}

function drawOwnPath(prng: Prng): string {
  const draw = prng.float();
  if (draw < 0.08) return '';
  if (draw < 0.14) return `/${prng.pick(NAMES)}000000000${prng.below(4)}`;
  const path = Array.from({ length: prng.pick([1, 1, 1, 2, 2, 3]) }, () => `/${prng.pick(NAMES)}`).join('');
  // With a slash at the end: good for what is numbered, and for nothing else.
  return prng.chance(0.03) ? `${path}/` : path;
}

const ODD_PATHS = [
  '!/',
  '!',
  '!a',
  '!//',
  '!/zookeeper',
  '!/zookeeper/quota',
  '/a//b',
  '/a/.',
  '/a/..',
  '/./a',
  '/a\u0000b',
  '/a\u0001',
  '/a\u007f',
  '/a\u00e4',
  '/a\u2028',
  '/a\ue000',
  '/a\ufff0',
  '//a',
];

function drawData(prng: Prng): string | null {
  return prng.pick([null, '', 'x', 'some data', 'ä', 'x'.repeat(300)]);
}

function drawVersion(prng: Prng, any = 0.5): number {
  return prng.chance(any) ? -1 : prng.pick([0, 0, 1, 1, 2, 3, -2]);
}

const ACLS: readonly (readonly string[])[] = [
  ['1:world:anyone'],
  ['30:world:anyone'],
  ['0:world:anyone'],
  ['31:auth:'],
  ['3:auth:ignored', '1:world:anyone'],
  ['31:digest:bob:ikIaKsbtGweaHnb/jKn7OHqbunM='],
  ['16:digest:bob:ikIaKsbtGweaHnb/jKn7OHqbunM=', '15:world:anyone'],
  ['31:ip:127.0.0.1'],
  ['31:ip:127.0.0.0/8', '1:world:anyone'],
  ['31:ip:10.0.0.1'],
  ['31:ip:127.0.0.1/33'],
  ['31:ip:not-an-address'],
  ['31:world:anyone', '31:world:anyone', '1:world:anyone'],
  ['31:world:someone'],
  ['31:digest:no-colon'],
  ['31:digest:a:b:c'],
  ['31:super:'],
  ['31:unheard-of:x'],
  ['64:world:anyone'],
  ['-1:world:anyone'],
  [],
];

function drawAcl(prng: Prng, open: number): readonly string[] {
  return prng.chance(open) ? OPEN : prng.pick(ACLS);
}
