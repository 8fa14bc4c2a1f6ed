import { consolePaths } from '../../shared/contract/console.ts';
import { html } from '../../shared/runtime/html.ts';
import type { Answer } from '../../shared/runtime/http.ts';
import { pagerCard } from './pager-card.ts';
import type { Request, Route } from './route.ts';
import { screen } from './screens/screen.ts';

/**
 * The number that pages come from, as a contact, so that a phone can let it through do-not-disturb. Open to
 * everybody, because it is opened on a phone; the number is on every page anyway, and strangers who write to it
 * get silence.
 */
export const pager: Route = { screen: 'pager', path: consolePaths.pager, methods: { GET: card } };

async function card({ desk: { originationNumber: number, store } }: Request): Promise<Answer> {
  if (number === null) {
    return screen(
      404,
      'There is no such number',
      html`<p>This desk sends no pages from a number of its own.</p>`,
    );
  }
  const provider = await store.directory.provider();
  return {
    status: 200,
    headers: {
      'content-type': 'text/vcard; charset=utf-8',
      'content-disposition': 'inline; filename="nightdesk.vcf"',
    },
    body: pagerCard({ provider: provider?.name ?? null, number }),
  };
}
