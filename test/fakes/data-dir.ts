import { accessSync, constants, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const inMemory = '/dev/shm';

/**
 * A new directory for a local cloud that keeps its data. What ends in tests is the process, never the machine; so it is
 * in memory where the system has such a place: on a slow disk, DynamoDB Local's flushes take longer than all the rest.
 */
export function newDataDir(): string {
  try {
    accessSync(inMemory, constants.W_OK);
    return mkdtempSync(join(inMemory, 'nightdesk-data-'));
  } catch {
    return mkdtempSync(join(tmpdir(), 'nightdesk-data-'));
  }
}
