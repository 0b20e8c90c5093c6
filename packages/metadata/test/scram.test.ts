import { SCRAM_MECHANISMS, scramFault, scramKeys, scramMechanismOf } from '@biquorum/metadata';
import { expect, it } from 'vitest';

/** By `ScramFormatter` of Apache 3.9.2, from the password "pencil", a salt and 4,096 iterations. */
const JAVA = [
  {
    name: 'SCRAM-SHA-256',
    salted: 'fb93eb41a899579214a6db90edcd06adc55cc1864a9dd32665e2313bc6148f6b',
    storedKey: '52a9210c523e3500116f2caf42f37df97421936dd5eb81f558994cedcb7b1fcb',
    serverKey: 'fefda2fcf81915095b75bcc9a15dae45954a959344b7666487f6485cb34753bb',
  },
  {
    name: 'SCRAM-SHA-512',
    salted:
      '4e47c1475a8950aa3aa71b72cd1bd6ab1ea58a094424d9461794fbdc4c40c4963d381ad5bbaaee27af2577612e4c85adf6b5175a80b565d62a8f6c59c061c430',
    storedKey:
      '7f09499d394e77fda6c3051b3bb1fb9b503e4648e5a15f9e0ec0d4e50763a0eae07283b6a0cc91fe68466b1500a1f913bc2e3e080b64e1a8ba9876862a151f49',
    serverKey:
      '470f59faaeaf2449c3a15420e00409ee8e6a0cd5847b005f8607c5fb6a3f40f5ef0c35dea77667c3af1be3d3d5633aa8a1e5c3f998c76faf2d41e85e3640b894',
  },
];

it.each(JAVA)('keeps of a salted password what Java keeps: $name', ({ name, salted, storedKey, serverKey }) => {
  const mechanism = SCRAM_MECHANISMS.find((one) => one.name === name);
  if (mechanism === undefined) throw new Error(`there is no ${name}`);
  const keys = scramKeys(mechanism, Uint8Array.from(Buffer.from(salted, 'hex')));
  expect(Buffer.from(keys.storedKey).toString('hex')).toBe(storedKey);
  expect(Buffer.from(keys.serverKey).toString('hex')).toBe(serverKey);
});

it('knows the mechanisms by the codes of the protocol', () => {
  expect([0, 1, 2, 3].map((code) => scramMechanismOf(code)?.name)).toEqual([
    undefined,
    'SCRAM-SHA-256',
    'SCRAM-SHA-512',
    undefined,
  ]);
});

it.each([
  ['', 1, 4_096, 'UNACCEPTABLE_CREDENTIAL'],
  ['alice', 0, 4_096, 'UNSUPPORTED_SASL_MECHANISM'],
  ['alice', 3, undefined, 'UNSUPPORTED_SASL_MECHANISM'],
  ['alice', 1, 4_095, 'UNACCEPTABLE_CREDENTIAL'],
  ['alice', 2, 16_385, 'UNACCEPTABLE_CREDENTIAL'],
  ['alice', 1, 4_096, undefined],
  ['alice', 2, 16_384, undefined],
  ['alice', 2, undefined, undefined],
])('says of user "%s", mechanism %i and %s iterations: %s', (user, mechanism, iterations, error) => {
  expect(scramFault(user, mechanism, iterations)?.error).toBe(error);
});
