import type { ApiKey } from './directory.ts';
import { addSeconds, type Instant, millisOf } from './time.ts';

/** Whether it opens anything: not revoked, not expired. */
export function isActive({ revokedAt, expiresAt }: ApiKey, now: Instant): boolean {
  return revokedAt === null && (expiresAt === null || now < expiresAt);
}

/**
 * A key and the one in its place, which may do the same. Both work for the time of the overlap; the new one lives as
 * long as the old one was given, unless `expiresAt` says until when (null: for ever).
 */
export function rotatedKey(
  old: ApiKey,
  made: Pick<ApiKey, 'id' | 'secretHash'>,
  { now, overlapSeconds, expiresAt }: { now: Instant; overlapSeconds: number; expiresAt?: Instant | null },
): { old: ApiKey; successor: ApiKey } {
  const ends = addSeconds(now, overlapSeconds);
  return {
    old: {
      ...old,
      expiresAt: old.expiresAt !== null && old.expiresAt < ends ? old.expiresAt : ends,
      rotatedTo: made.id,
    },
    successor: {
      ...old,
      ...made,
      createdAt: now,
      expiresAt: expiresAt === undefined ? asLong(old, now) : expiresAt,
      lastUsedAt: null,
      rotatedTo: null,
      first: firstKeyOf(old),
    },
  };
}

/** The same for a key and all that took its place: what one of them did is no news to the others. */
export const firstKeyOf = ({ id, first }: Pick<ApiKey, 'id' | 'first'>): string => first ?? id;

function asLong({ createdAt, expiresAt }: ApiKey, now: Instant): Instant | null {
  if (expiresAt === null) return null;
  return addSeconds(now, (millisOf(expiresAt) - millisOf(createdAt)) / 1000);
}

const hour = 3_600_000;

/** Last use is noted by the hour: more often tells nobody anything. */
export function isUseNews({ lastUsedAt }: Pick<ApiKey, 'lastUsedAt'>, now: Instant): boolean {
  return lastUsedAt === null || Math.abs(millisOf(now) - millisOf(lastUsedAt)) >= hour;
}
