import { createHash } from 'node:crypto';
import { Html, html } from '../../shared/runtime/html.ts';

const style = `
:root{color-scheme:light dark}
body{font:1rem/1.55 system-ui,sans-serif;margin:0 auto;max-width:46rem;padding:1rem}
body.wide{max-width:90rem}
nav{display:flex;flex-wrap:wrap;gap:.25rem 1.25rem;padding-bottom:.75rem;border-bottom:1px solid}
h1{font-size:1.6rem;line-height:1.25}
h2{font-size:1.2rem;margin-top:2rem}
pre{overflow-x:auto;padding:.75rem;border:1px solid;border-radius:.35rem}
code{font:.875rem/1.5 ui-monospace,monospace}
table{border-collapse:collapse}
td,th{text-align:left;vertical-align:top;padding:.25rem 1rem .25rem 0}
a:focus-visible{outline:3px solid;outline-offset:3px}
#reference{background:#fff;color-scheme:light}
`;

const hash = createHash('sha256').update(style).digest('base64');

/** Everything is served by us; nobody frames it; no script is in the page itself. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  `style-src 'self' 'sha256-${hash}'`,
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

export const pageHeaders = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': policy,
};

/** A whole page; `more` is for its head. */
export function layout(
  title: string,
  content: Html,
  { wide = false, more = null }: { wide?: boolean; more?: Html | null } = {},
) {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} · Nightdesk</title>
<style>${new Html(style)}</style>${more}
</head>
<body class="${wide ? 'wide' : ''}">
<nav aria-label="Documentation"><a href="/docs">Reference</a><a href="/docs/connect">Connect your console</a><a href="/docs/webhooks">Slack and PSA</a><a href="/docs/problems">Problems</a><a href="/openapi.json">openapi.json</a></nav>
<main>${content}</main>
</body>
</html>
`.text;
}
