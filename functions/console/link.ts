import { consolePaths } from '../../shared/contract/console.ts';
import type { Case } from '../../shared/domain/decision.ts';
import { type AcknowledgeLink, seeLink, takeByLink } from '../../shared/domain/escalation/index.ts';
import { leadOf } from '../../shared/domain/outage/lead.ts';
import { asShown } from '../../shared/domain/outage/step.ts';
import type { Answer } from '../../shared/runtime/http.ts';
import { isLinkToken } from '../../shared/runtime/link-token.ts';
import { decideAndCommit } from '../../shared/store/decide-and-commit.ts';
import type { Store } from '../../shared/store/store.ts';
import type { TicketAddress } from '../../shared/store/types/cases.ts';
import { wholeCase } from '../../shared/store/whole-case.ts';
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
  return found ? seen(request, found, false) : unknownLinkScreen();
}

async function take(request: Request): Promise<Answer> {
  const found = await find(request);
  if (!found) return unknownLinkScreen();
  const { store } = request.desk;
  await decideAndCommit(request.desk, {
    async read() {
      const [own, roster] = await Promise.all([caseAt(store, homeOf(found)), store.directory.roster()]);
      if (!roster) throw new Error('The roster is missing.');
      const lead = leadOf(own, found.escalation);
      return { own, roster, state: lead ? await caseAt(store, lead) : own };
    },
    decide: ({ own, state: acting, roster }, now) =>
      takeByLink({ own, acting }, { link: found, roster, now }),
  });
  // Taken or refused: how it stands now is the answer.
  return seen(request, found, true);
}

async function seen({ desk }: Request, link: AcknowledgeLink, pressed: boolean): Promise<Answer> {
  const { store, clock } = desk;
  const [state, staff] = await Promise.all([
    caseAt(store, homeOf(link)),
    store.directory.staffMember(link.staff),
  ]);
  const now = clock.now();
  const shown = { ...state, escalation: asShown(state, now) };
  return linkScreen({ state: shown, staff, view: seeLink(state, { link, staff, now }), link, pressed });
}

async function find({ params, desk, about }: Request): Promise<AcknowledgeLink | null> {
  const { token = '' } = params;
  const found = isLinkToken(token) ? await desk.store.pages.link(token) : null;
  about.ticket = found?.ticket ?? null;
  return found;
}

const homeOf = ({ partner, ticket }: AcknowledgeLink): TicketAddress => ({ partner, number: ticket });

async function caseAt(store: Store, address: TicketAddress): Promise<Case> {
  const state = await wholeCase(store, address);
  if (!state) throw new Error(`The case ${address.number} of a link is missing.`);
  return state;
}
