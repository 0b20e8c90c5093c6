import { describe, expect, test } from 'vitest';
import { refusalOf } from '../../src/live/gatekeeper.ts';

const PORT = 7070;
const own = { host: '127.0.0.1:7070', origin: 'http://127.0.0.1:7070', 'content-type': 'application/json' };

describe('the keeper of the page', () => {
  test.each(['127.0.0.1:7070', 'localhost:7070', '[::1]:7070'])(
    'lets in who came by this machine’s own name: %s',
    (host) => {
      expect(refusalOf({ method: 'GET', headers: { host } }, PORT)).toBeUndefined();
      expect(refusalOf({ method: 'POST', headers: { ...own, host, origin: `http://${host}` } }, PORT)).toBeUndefined();
    },
  );

  // A name of an attacker's that leads to 127.0.0.1 stands in Host; that is how DNS rebinding is seen.
  test.each([
    undefined,
    '',
    'evil.example',
    'evil.example:7070',
    '127.0.0.1',
    '127.0.0.1:80',
    '127.0.0.1.evil.example:7070',
    'localhost:70700',
  ])('turns away who came by another name: %s', (host) => {
    expect(refusalOf({ method: 'GET', headers: host === undefined ? {} : { host } }, PORT)).toMatchObject({
      status: 403,
    });
  });

  test.each([
    undefined,
    'null',
    'https://127.0.0.1:7070',
    'http://evil.example',
    'http://127.0.0.1:7071',
    'http://127.0.0.1:7070.evil.example',
  ])('takes no commands from pages of another site: %s', (origin) => {
    const { origin: _, ...rest } = own;
    const headers = origin === undefined ? rest : { ...rest, origin };
    expect(refusalOf({ method: 'POST', headers }, PORT)).toMatchObject({ status: 403 });
  });

  test('takes no commands that a form could send, and no other methods', () => {
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data']) {
      expect(refusalOf({ method: 'POST', headers: { ...own, 'content-type': type } }, PORT)).toMatchObject({
        status: 415,
      });
    }
    for (const method of ['PUT', 'DELETE', 'OPTIONS', undefined]) {
      expect(refusalOf({ method, headers: own }, PORT)).toMatchObject({ status: 405 });
    }
  });

  test('gives other sites’ pages nothing to embed; following a link from there opens the page', () => {
    const headers = { host: own.host, 'sec-fetch-site': 'cross-site' };
    expect(refusalOf({ method: 'GET', headers: { ...headers, 'sec-fetch-mode': 'no-cors' } }, PORT)).toMatchObject({
      status: 403,
    });
    expect(refusalOf({ method: 'GET', headers: { ...headers, 'sec-fetch-mode': 'navigate' } }, PORT)).toBeUndefined();
  });
});
