/** What reports are made by. Loaded when one is asked for (see its routes), so that no cold start pays for it. */

export { csv } from '../../shared/domain/reports/csv.ts';
export { onCallReport } from '../../shared/domain/reports/on-call.ts';
export { promiseRow, promiseTable } from '../../shared/domain/reports/promises.ts';
