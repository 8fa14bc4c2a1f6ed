/** Phone numbers. The library and its tables are loaded when a number has to be read, not at a cold start. */

/** E.164 when it can be dialled, without a country code as a number of the USA; else null. */
export async function dialable(written: string): Promise<string | null> {
  const { e164 } = await import('./e164.ts');
  return e164(written);
}
