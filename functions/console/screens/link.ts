import type { Case } from '../../../shared/domain/decision.ts';
import type { Staff } from '../../../shared/domain/directory.ts';
import type { AcknowledgeLink, LinkView } from '../../../shared/domain/escalation/index.ts';
import { clockTime, reasonWords } from '../../../shared/domain/escalation/text.ts';
import type { Instant } from '../../../shared/domain/time.ts';
import { type Html, html } from '../../../shared/runtime/html.ts';
import type { Answer } from '../../../shared/runtime/http.ts';
import { screen } from './screen.ts';

interface Seen {
  state: Case;
  link: AcknowledgeLink;
  staff: Staff | null;
  view: LinkView;
  /** Somebody has pressed the button: whatever does not make it theirs is then a refusal. */
  pressed: boolean;
}

export const unknownLinkScreen = (): Answer =>
  screen(
    404,
    'This link is not known',
    html`<p>It may have been cut or changed on its way. You can still answer the SMS that it came in.</p>`,
  );

/** What a link leads to, as things stand. A link that leads nowhere any more tells nothing of the emergency. */
export function linkScreen(seen: Seen): Answer {
  const { state, view, pressed } = seen;
  const { number } = state.ticket;
  switch (view.kind) {
    case 'open':
      return screen(
        pressed ? 409 : 200,
        `${number}: take this emergency?`,
        html`${facts(seen)}<form method="post"><button type="submit">Take it</button></form>`,
      );
    case 'yours':
      return screen(200, `It is yours: ${number}`, html`${facts(seen)}${next(seen)}`);
    case 'held':
      return screen(
        pressed ? 409 : 200,
        `${view.by.name} has taken ${number}`,
        html`<p>Nothing more to do.</p>${facts(seen)}`,
      );
    case 'over':
      return screen(410, `${number} is over`, html`<p>${endings[view.as]} Nothing more to do.</p>`);
    case 'expired':
      return screen(
        410,
        'This link has expired',
        html`<p>A link can be opened for a day. ${number} may still be open: reply ? to the SMS to see.</p>`,
      );
    case 'not_staff':
      return screen(
        403,
        'This link is not yours any more',
        html`<p>The person whom it was sent to is no longer paged. Ask a manager.</p>`,
      );
  }
}

const endings = {
  resolved: 'The emergency was resolved.',
  cancelled: 'The emergency was cancelled.',
  'escalated anew': 'That emergency ended, and the ticket was escalated again: a new page has a new link.',
} as const;

function facts({ state: { ticket, escalation }, staff, view }: Seen): Html | null {
  if (!escalation) return null;
  const { promise, acknowledgedBy, acknowledgedAt, reason, detail, callback } = escalation;
  const time = (at: Instant) => timeFor(at, staff?.timezone ?? escalation.timezone, escalation.timezone);
  const due = promise.brokenAt ? 'Overdue: it was promised by ' : '';
  // Words of the partner are for whoever has taken it, not for whatever opens links.
  const words = view.kind === 'yours' ? detail : null;
  return html`<dl>
<dt>Partner</dt><dd>${ticket.partnerName}</dd>
<dt>What</dt><dd>${(ticket.severity.agreed ?? ticket.severity.requested).toUpperCase()}, ${reasonWords[reason]}${words && html`: ${words}`}</dd>
<dt>Call</dt><dd>${callback.dialable ? html`<a href="tel:${callback.dialable}">${callback.phone}</a>` : callback.phone}${callback.name && html` (${callback.name})`}</dd>
<dt>Promise</dt><dd>${due}${time(promise.dueAt)}</dd>
<dt>Held by</dt><dd>${acknowledgedBy && acknowledgedAt ? html`${acknowledgedBy.name}, since ${time(acknowledgedAt)}` : 'nobody yet'}</dd>
</dl>`;
}

/** `22:40 ET`, and where that is not the desk's own zone the desk's time beside it. */
function timeFor(at: Instant, own: string, desk: string): Html {
  const [here, there] = [clockTime(at, own), clockTime(at, desk)];
  return html`<time datetime="${at}">${here}</time>${here === there ? null : ` (${there} at the desk)`}`;
}

function next({ state, link }: Seen): Html | null {
  const code = state.pages.find(({ id }) => id === link.page)?.code ?? null;
  if (code === null) return null;
  return html`<p>Reply ${code}p to the SMS to pass it on, ${code}c when the emergency is over.</p>`;
}
