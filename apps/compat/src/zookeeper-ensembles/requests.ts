import { ZooKeeperError } from '@biquorum/zookeeper-client';
import type { Member } from './member.ts';
import { patiently } from './patience.ts';
import { IDENTITY } from './trees.ts';

const OWN = [{ perms: 31, id: { scheme: 'auth', id: '' } }];

/** Changes of all kinds through one server, some of which must fail. Who leads makes transactions of them. */
export function changeAll(member: Member, tag: string): Promise<void> {
  let attempt = 0;
  return patiently('changes of all kinds are made', member.connect, async (client) => {
    // An attempt that a failing server has cut short leaves what it has made.
    const root = `/kinds-${tag}-${member.id}-${attempt++}`;
    await client.addAuth('digest', IDENTITY);
    await client.create(root);
    await client.create(`${root}/sequence-`, bytes('x'), { mode: 'persistentSequential' });
    await client.create(`${root}/sequence-`, bytes('y'), { mode: 'ephemeralSequential' });
    await client.create(`${root}/container`, null, { mode: 'container' });
    await client.create(`${root}/container/child`, bytes('z'));
    await client.create(`${root}/passing`, null, { mode: 'persistentWithTtl', ttlMs: 60 * 60 * 1_000 });
    await client.create(`${root}/secret`, bytes('s'), { acl: OWN });
    await client.setAcl(`${root}/container`, OWN);
    await client.multi([
      { op: 'create', path: `${root}/a`, data: bytes('1') },
      { op: 'create', path: `${root}/a/b`, data: null, options: { mode: 'ephemeral' } },
      { op: 'setData', path: `${root}/a`, data: bytes('2'), version: 0 },
      { op: 'check', path: `${root}/a`, version: 1 },
      { op: 'delete', path: `${root}/a/b`, version: -1 },
    ]);
    await failing('BadVersion', client.setData(`${root}/a`, bytes('3'), 77));
    await failing('NotEmpty', client.delete(`${root}/container`));
    await failing('NodeExists', client.create(`${root}/a`));
    await failing('NoNode', client.delete(`${root}/nothing`));
    await failing('InvalidACL', client.setAcl(`${root}/a`, [{ perms: 31, id: { scheme: 'none', id: 'x' } }]));
    await failing(
      'NoNode',
      client.multi([
        { op: 'setData', path: `${root}/a`, data: bytes('4'), version: -1 },
        { op: 'delete', path: `${root}/nothing`, version: -1 },
      ]),
    );
    await client.delete(`${root}/container/child`);
    const { data, stat } = await client.getData(`${root}/a`);
    const seen = `${new TextDecoder().decode(data ?? undefined)} in version ${stat.version}`;
    if (seen !== '2 in version 1') throw new Error(`${root}/a holds ${seen}`);
  });
}

async function failing(code: string, work: Promise<unknown>): Promise<void> {
  const fault = await work.then(
    () => 'no error',
    (error: unknown) => {
      if (error instanceof ZooKeeperError && error.code !== 'ConnectionLoss') return error.code;
      throw error;
    },
  );
  if (fault !== code) throw new Error(`${fault} where ${code} should be`);
}

function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
