import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createNodePorts } from '@biquorum/platform/node';
import { describePorts, MemoryWorld } from '@biquorum/platform/testing';
import { describe, it } from 'vitest';

const framework = { describe, test: it };

describePorts(framework, {
  name: 'Node',
  async use(body) {
    const directory = await mkdtemp(join(tmpdir(), 'biquorum-platform-'));
    const ports = createNodePorts();
    try {
      // 192.0.2.0/24 is set aside for documentation: no machine has an address in it.
      await body({ ports, directory, host: '127.0.0.1', foreignHost: '192.0.2.1' });
    } finally {
      await ports.close();
      await rm(directory, { recursive: true });
    }
  },
});

for (const seed of [1, 2, 3]) {
  describePorts(framework, {
    name: `memory, seed ${seed}`,
    async use(body) {
      const world = new MemoryWorld({ seed });
      const { ports } = world.addHost('one');
      await world.run(async () => {
        await ports.disk.makeDirectory('/data');
        await body({ ports, directory: '/data', host: 'one', foreignHost: 'other' });
      });
    },
  });
}
