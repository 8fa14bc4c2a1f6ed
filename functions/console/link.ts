import { consolePaths } from '../../shared/contract/console.ts';
import { type AcknowledgeLink, seeLink, takeByLink } from '../../shared/domain/escalation/index.ts';
import { leadOf } from '../../shared/domain/outage/lead.ts';
import { commandCase } from '../../shared/effects/command-case.ts';
import type { Answer } from '../../shared/runtime/http.ts';
import { isLinkToken } from '../../shared/runtime/link-token.ts';
import type { Request, Route } from './route.ts';
import { linkScreen, unknownLinkScreen } from './screens/link.ts';

/**
 * The link in a page. Opening it shows and changes nothing, so that what opens links by itself (previews, scanners)
 * takes no emergency; the button takes it, as often as it is pressed.
 */
export const link: Route = {
  screen: 'link',
  path: consolePaths.link,
  methods: { GET: show, POST: take },
};

async function show(request: Request): Promise<Answer> {
  const found = await find(request);
  if (!found) return unknownLinkScreen();
  const { store } = request.desk;
  const [state, staff] = await Promise.all([
    store.cases.read({ partner: found.partner, number: found.ticket }),
    store.directory.staffMember(found.staff),
  ]);
  if (!state) throw new Error(`The case ${found.ticket} of a link is missing.`);
  const view = seeLink(state, { link: found, staff, now: request.now });
  return linkScreen({ state, staff, view, link: found, pressed: false });
}

async function take(request: Request): Promise<Answer> {
  const found = await find(request);
  if (!found) return unknownLinkScreen();
  const { store } = request.desk;
  const address = { partner: found.partner, number: found.ticket };
  const outcome = await commandCase(request.desk, address, ({ state, roster }, now) =>
    takeByLink(state, { link: found, roster, now }),
  );
  if (outcome.refused) throw new Error(`A link was refused: ${outcome.code}.`);
  const staff = await store.directory.staffMember(found.staff);
  const view = seeLink(outcome.case, { link: found, staff, now: outcome.at });
  return linkScreen({ state: outcome.case, staff, view, link: found, pressed: true });
}

/** The link, as one to the escalation that acts for its own where several share an outage. */
async function find({ params, desk, about }: Request): Promise<AcknowledgeLink | null> {
  const { token = '' } = params;
  const found = isLinkToken(token) ? await desk.store.pages.link(token) : null;
  about.ticket = found?.ticket ?? null;
  const state = found && (await desk.store.outages.about(found));
  const lead = state && leadOf(state, found.escalation);
  return lead ? { ...found, partner: lead.partner, ticket: lead.number, escalation: lead.escalation } : found;
}
