import { html } from '../../../shared/runtime/html.ts';
import type { Answer } from '../../../shared/runtime/http.ts';
import { screen } from './screen.ts';

export const nothingHereScreen = (): Answer =>
  screen(404, 'There is nothing here', html`<p>Check the address: it may have been cut.</p>`);

export const methodScreen = (allowed: readonly string[]): Answer =>
  screen(405, 'This cannot be done here', html`<p>This address answers to ${allowed.join(', ')}.</p>`, {
    allow: allowed.join(', '),
  });

export const brokenScreen = (requestId: string): Answer =>
  screen(
    500,
    'Something went wrong on our side',
    html`<p>Try again. An emergency can always be taken by answering the SMS.</p><p>Request ${requestId}</p>`,
  );
