import type { Cloud } from './cloud.ts';
import type { Memory } from './memory.ts';

/** What the seed needs. */
export interface SeedOptions {
  readonly cloud: Cloud;
  readonly baseUrl: string;
  readonly memory: Memory;
  readonly dataDir: string | null;
}

/** The demo provider, as `DATA_DIR/demo.json` and `GET /local/demo` have it. */
export interface Demo {
  readonly baseUrl: string;
  readonly partnerId: string;
  readonly partnerKey: string;
  readonly otherPartnerKey: string;
  readonly staffKey: string;
  readonly adminKey: string;
  readonly engineers: readonly { readonly id: string; readonly name: string; readonly phone: string }[];
}

export async function seed(_options: SeedOptions): Promise<unknown> {
  return null;
}
