import { parsePhoneNumberFromString } from 'libphonenumber-js/min';

export function e164(written: string): string | null {
  const parsed = parsePhoneNumberFromString(written, 'US');
  return parsed?.isValid() && !parsed.ext ? parsed.number : null;
}
