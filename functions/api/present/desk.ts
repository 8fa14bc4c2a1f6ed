import type { Calendar } from '../../../shared/domain/calendar/types.ts';
import type { Override, Schedule } from '../../../shared/domain/schedule/types.ts';

export function presentSchedule({ id, name, timezone, rotations, overrides }: Schedule) {
  return { id, name, timezone, rotations, overrides: overrides.map(presentOverride) };
}

export function presentOverride({ id, from, to, staff, instead }: Override) {
  return { id: id ?? '', from, to, staff, instead: instead ?? null };
}

export function presentCalendar({ id, timezone, week, presets, holidays }: Calendar & { id: string }) {
  return { id, timezone, week, presets: presets ?? [], holidays: holidays ?? [] };
}
