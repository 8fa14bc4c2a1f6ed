import { type MetadataJson, parsePhoneNumberFromString } from 'libphonenumber-js/core';
import { unpack } from '../../../shared/runtime/http-packed.ts';
import { packedMetadata } from './metadata.ts';

const metadata = unpack(packedMetadata) as MetadataJson;

export function e164(written: string): string | null {
  const parsed = parsePhoneNumberFromString(written, 'US', metadata);
  return parsed?.isValid() && !parsed.ext ? parsed.number : null;
}
