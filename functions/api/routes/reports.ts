import * as operations from '../../../shared/contract/operations/reports.ts';
import type { Escalation } from '../../../shared/domain/escalation/escalation.ts';
import { type Range, rangeOf } from '../../../shared/domain/reports/range.ts';
import { json, Refusal } from '../../../shared/runtime/http.ts';
import { invalid } from '../../../shared/runtime/http-words.ts';
import { type Call, type Route, route } from '../call.ts';
import { notSetUp } from '../cases.ts';
import { escalationsInStep } from '../in-step.ts';

/** What one answer may hold, below the 6 MB of a function's answer and its 20 s. */
const mostRows = 5_000;
const mostCases = 2_000;
/** Escalations whose pages are read side by side. */
const sideBySide = 25;

export const reports: Route[] = [
  route(operations.getPromises, async (call) => {
    const { query, caller, desk, now } = call;
    const { range, timezone } = await rangeOn(desk, query);
    const { csv, promiseRow, promiseTable } = await import('../reports.ts');
    const partner = caller.partner?.id ?? null;
    const rowsOf = async (found: Escalation[]) =>
      (await escalationsInStep(call, found)).flatMap((one) => promiseRow(one, now) ?? []);
    if (query.format === 'csv') {
      const rows = await rowsOf(await allStarted(desk, { partner, ...range }, mostRows));
      return {
        status: 200,
        headers: {
          'content-type': 'text/csv; charset=utf-8; header=present',
          'content-disposition': 'attachment; filename="promises.csv"',
        },
        body: csv(promiseTable(rows, timezone)),
      };
    }
    const { limit, cursor } = query;
    const page = { limit, ...(cursor === undefined ? {} : { cursor }) };
    const found = await desk.store.cases.started({ partner, ...range, ...page });
    return json(200, { data: await rowsOf(found.data), nextCursor: found.nextCursor, timezone });
  }),

  route(operations.getOnCallReport, async ({ query, desk, now }) => {
    const { range, timezone } = await rangeOn(desk, query);
    const { cases, directory } = desk.store;
    const [found, staff] = await Promise.all([
      allStarted(desk, { partner: null, ...range }, mostCases),
      directory.staff(),
    ]);
    const whole = [];
    for (let at = 0; at < found.length; at += sideBySide) {
      const read = ({ partner, ticket, id }: Escalation) => cases.escalation({ partner, number: ticket }, id);
      whole.push(...(await Promise.all(found.slice(at, at + sideBySide).map(read))));
    }
    const zones = new Map(staff.map((member) => [member.id, member.timezone]));
    const { onCallReport } = await import('../reports.ts');
    const report = onCallReport(
      whole.filter((one) => one !== null),
      { zones, timezone, now },
    );
    return json(200, { ...range, timezone, ...report });
  }),
];

async function rangeOn({ store }: Call['desk'], asked: Range): Promise<{ range: Range; timezone: string }> {
  const provider = await store.directory.provider();
  if (!provider) throw notSetUp();
  const { timezone } = provider;
  const made = rangeOf(asked, timezone);
  if ('problem' in made) throw invalid([made.problem]);
  return { range: made.range, timezone };
}

async function allStarted(
  { store }: Call['desk'],
  asked: Range & { partner: string | null },
  most: number,
): Promise<Escalation[]> {
  const { data, nextCursor } = await store.cases.started({ ...asked, limit: most });
  if (nextCursor === null) return data;
  throw new Refusal(
    'report_too_large',
    `More than ${most} escalations began in this range. Ask for a shorter one.`,
    { errors: [{ field: 'to', message: 'must be nearer to from' }] },
  );
}
