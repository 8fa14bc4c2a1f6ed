import { type CountryCode, getCountryCallingCode, parsePhoneNumberFromString } from 'libphonenumber-js/min';
import examples from 'libphonenumber-js/mobile/examples';
import { expect, test } from 'vitest';
import { dialable } from '../../../functions/api/phones/dialable.ts';
import { packedMetadata } from '../../../functions/api/phones/metadata.ts';
import { libraryMetadata } from '../../../functions/api/phones/pack.ts';
import { unpack } from '../../../shared/runtime/http-packed.ts';

test.each([
  ['+1 202 555 0147', '+12025550147'],
  ['(202) 555-0147', '+12025550147'],
  ['+46-8-544 406 00', '+46854440600'],
  ['+44 7911 123456', '+447911123456'],
  ['+1202555', null],
  ['+1 202 555 0147 ext. 9', null],
  ['911', null],
  ['ask for Kim', null],
  ['', null],
])('%s is dialled as %s', async (written, expected) => {
  expect(await dialable(written)).toBe(expected);
});

test('the tables are those of the installed library: node functions/api/phones/pack.ts', () => {
  expect(unpack(packedMetadata)).toEqual(libraryMetadata());
});

test('numbers of every country are judged as by the whole library, with and without mistakes', async () => {
  for (const [country, national] of Object.entries(examples)) {
    const code = getCountryCallingCode(country as CountryCode);
    for (const digits of [national, national.slice(0, -1), `${national}1`, `0${national}`]) {
      const parsed = parsePhoneNumberFromString(`+${code}${digits}`, 'US');
      expect(await dialable(`+${code}${digits}`)).toBe(parsed?.isValid() ? parsed.number : null);
    }
  }
});
