import { calendarPath } from '../../../shared/contract/console.ts';
import type { Calendar } from '../../../shared/domain/calendar/types.ts';
import type { Override, Schedule } from '../../../shared/domain/schedule/types.ts';

export function presentSchedule(schedule: Schedule, publicUrl: string) {
  const { id, name, timezone, rotations, overrides, calendarToken } = schedule;
  const shown = overrides.map(presentOverride);
  return {
    ...{ id, name, timezone, rotations, overrides: shown },
    calendarUrl: calendarToken ? `${publicUrl}${calendarPath(id, calendarToken)}` : null,
  };
}

export function presentOverride({ id, from, to, staff, instead, createdAt }: Override) {
  return { id: id ?? '', from, to, staff, instead: instead ?? null, createdAt: createdAt ?? null };
}

export function presentCalendar({ id, timezone, week, presets, holidays }: Calendar & { id: string }) {
  return { id, timezone, week, presets: presets ?? [], holidays: holidays ?? [] };
}
