import { DiskError, NetworkError, WorkerError } from '@biquorum/platform';
import { describe, expect, it } from 'vitest';

describe('errors of the environment', () => {
  it('name what was attempted, on what, and what to do about it', () => {
    const cause = new Error('bind EADDRINUSE');
    const error = new NetworkError('address-in-use', { operation: 'listen', host: '127.0.0.1', port: 9092, cause });
    expect(error.message).toBe(
      'listen 127.0.0.1:9092: address already in use; stop the other process or choose another port',
    );
    expect(error).toMatchObject({ name: 'NetworkError', operation: 'listen', host: '127.0.0.1', port: 9092, cause });
    expect(new DiskError('not-found', { operation: 'open', path: '/data/0.log' }).message).toBe(
      'open /data/0.log: no such file or directory; check the path',
    );
    expect(new WorkerError('busy', { job: 'compact' }).message).toBe(
      'job compact: too many jobs are waiting; try again later',
    );
  });

  it('set the addresses of IPv6 apart from the port', () => {
    const error = new NetworkError('refused', { operation: 'dial', host: '::1', port: 9092 });
    expect(error.message).toMatch(/^dial \[::1\]:9092: connection refused; /);
    expect(error.cause).toBeUndefined();
  });

  it('take words of their own for a detail', () => {
    const error = new DiskError('io', { operation: 'lock', path: '/data/.lock', detail: 'not empty' });
    expect(error.message).toBe('lock /data/.lock: not empty');
    expect(new WorkerError('crashed', { job: 'compact', detail: 'exit code 7' }).message).toBe(
      'job compact: its worker died: exit code 7',
    );
  });
});
