import { describe, expect, test } from 'vitest';
import { firstKeyOf, isActive, isUseNews, rotatedKey } from '../../shared/domain/api-key.ts';
import { keyRotated, partnerChanged, staffChanged } from '../../shared/domain/audit.ts';
import type { ApiKey, Staff } from '../../shared/domain/directory.ts';

const now = '2026-01-06T03:10:00.000Z';
const key: ApiKey = {
  id: 'key_old',
  partner: 'ptn_acme',
  staff: null,
  name: 'Console',
  scopes: ['tickets:read'],
  secretHash: 'a'.repeat(64),
  createdAt: '2026-01-01T00:00:00.000Z',
  expiresAt: null,
  revokedAt: null,
  lastUsedAt: '2026-01-05T00:00:00.000Z',
  rotatedTo: null,
};
const made = { id: 'key_new', secretHash: 'b'.repeat(64) };

describe('a rotated key', () => {
  test('works until the overlap is over, beside one that may do the same and was never used', () => {
    const { old, successor } = rotatedKey(key, made, { now, overlapSeconds: 3_600 });
    expect(old).toEqual({ ...key, expiresAt: '2026-01-06T04:10:00.000Z', rotatedTo: 'key_new' });
    expect(successor).toEqual({
      ...key,
      ...made,
      createdAt: now,
      lastUsedAt: null,
      rotatedTo: null,
      first: key.id,
    });
    expect(
      firstKeyOf(rotatedKey(successor, { ...made, id: 'key_third' }, { now, overlapSeconds: 0 }).successor),
    ).toBe(key.id);
  });

  test('lives no longer for being rotated', () => {
    const soon = { ...key, expiresAt: '2026-01-06T03:20:00.000Z' };
    const { old } = rotatedKey(soon, made, { now, overlapSeconds: 3_600 });
    expect(old.expiresAt).toBe(soon.expiresAt);
    expect(rotatedKey(key, made, { now, overlapSeconds: 0 }).old.expiresAt).toBe(now);
    expect(isActive(rotatedKey(key, made, { now, overlapSeconds: 0 }).old, now)).toBe(false);
  });

  test.each([
    ['as long as the old one was given', undefined, '2026-01-16T03:10:00.000Z'],
    ['until the instant that is asked for', '2026-02-01T00:00:00.000Z', '2026-02-01T00:00:00.000Z'],
    ['for ever when that is asked for', null, null],
  ])('gives its successor a life: %s', (_name, expiresAt, expected) => {
    const tenDays = { ...key, expiresAt: '2026-01-11T00:00:00.000Z' };
    const life = expiresAt === undefined ? {} : { expiresAt };
    const { successor } = rotatedKey(tenDays, made, { now, overlapSeconds: 0, ...life });
    expect(successor.expiresAt).toBe(expected);
  });
});

test('the use of a key is news once an hour, and when a clock was put back by that much', () => {
  const used = (lastUsedAt: string | null) => isUseNews({ lastUsedAt }, now);
  expect([null, '2026-01-06T02:10:00.000Z', '2026-01-06T04:10:00.000Z'].map(used)).toEqual([
    true,
    true,
    true,
  ]);
  expect(['2026-01-06T02:10:01.000Z', now, '2026-01-06T04:09:59.000Z'].map(used)).toEqual([
    false,
    false,
    false,
  ]);
});

describe('the log of changes', () => {
  const by = { kind: 'staff', id: 'stf_ada', name: 'Ada' } as const;
  const dana: Staff = {
    id: 'stf_dana',
    name: 'Dana',
    role: 'engineer',
    phone: '+12025550101',
    phoneVerifiedAt: null,
    email: 'dana@desk.example',
    timezone: 'UTC',
    suspended: false,
    createdAt: now,
  };

  test('names what changed of a person, and quotes neither phone nor address', () => {
    const after = { ...dana, phone: '+12025550199', email: 'fox@desk.example', role: 'manager' as const };
    const event = staffChanged(dana, after, by);
    expect(event).toMatchObject({
      type: 'staff.updated',
      internal: true,
      data: { staff: { id: 'stf_dana', role: 'manager' }, changed: ['email', 'phone', 'role'] },
    });
    expect(JSON.stringify(event)).not.toMatch(/5550|desk\.example/);
  });

  test('has no line for what changes nothing, and none of the fields of what is new', () => {
    expect(staffChanged(dana, { ...dana }, by)).toBeNull();
    const partner = { id: 'ptn_new', name: 'New MSP', plan: 'default', createdAt: now };
    expect(partnerChanged(null, partner, by)).toMatchObject({
      type: 'partner.created',
      data: { changed: [] },
    });
  });

  test('holds no secret of a key, nor its hash', () => {
    const { old, successor } = rotatedKey(key, made, { now, overlapSeconds: 60 });
    const text = JSON.stringify(keyRotated(old, successor, by));
    expect(text).not.toMatch(/secret|a{64}|b{64}/);
    expect(text).toContain('"worksUntil":"2026-01-06T03:11:00.000Z"');
  });
});
