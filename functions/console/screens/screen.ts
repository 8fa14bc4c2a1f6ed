import { createHash } from 'node:crypto';
import { Html, html } from '../../../shared/runtime/html.ts';
import type { Answer } from '../../../shared/runtime/http.ts';

const style = `
:root{color-scheme:light dark}
body{font:1.125rem/1.5 system-ui,sans-serif;margin:0 auto;max-width:34rem;padding:1rem}
h1{font-size:1.5rem;line-height:1.25}
dt{font-weight:600;margin-top:.75rem}
dd{margin:0;overflow-wrap:anywhere}
button{font:inherit;font-weight:600;width:100%;min-height:3.5rem;margin-top:1.5rem;border:2px solid;border-radius:.5rem;background:#0b5394;color:#fff}
button:focus-visible,a:focus-visible{outline:3px solid;outline-offset:3px}
`;

/** Nothing is loaded from anywhere, nothing runs, nobody frames it, and its form goes back to where it came from. */
const policy = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'`,
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** A whole page of HTML: plain, and without any script. `title` is the tab's title and the heading. */
export function screen(
  status: number,
  title: string,
  content: Html,
  headers: Record<string, string> = {},
): Answer {
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex, nofollow">
<meta name="format-detection" content="telephone=no">
<title>${title}</title>
<style>${new Html(style)}</style>
</head>
<body>
<main>
<h1>${title}</h1>
${content}
</main>
</body>
</html>
`;
  return {
    status,
    headers: { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': policy, ...headers },
    body: page.text,
  };
}
