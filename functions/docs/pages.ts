import { marked } from 'marked';
import { type ProblemCode, problems } from '../../shared/contract/problems.ts';
import { webhookErrors } from '../../shared/contract/webhook-errors.ts';
import { Html, html } from '../../shared/runtime/html.ts';
import { layout, pageHeaders } from './layout.ts';
import { help } from './problems.ts';

/** What is served at a path, before anybody asks how it is to be encoded. */
export interface Page {
  status: number;
  headers: Readonly<Record<string, string>>;
  body: Buffer;
}

/** Reads a file that lies in `files/` beside the function. */
export type ReadFile = (name: string) => Buffer;

const assets: Readonly<Record<string, string>> = {
  'swagger-ui-bundle.js': 'text/javascript; charset=utf-8',
  'swagger-ui.css': 'text/css; charset=utf-8',
  'reference.js': 'text/javascript; charset=utf-8',
};
const guides: Readonly<Record<string, string>> = {
  connect: 'Connect your console in 15 minutes',
  webhooks: 'Connect Slack or your PSA by webhook',
};

/** The page at a path. Where guides say `{{desk}}` stands `publicUrl`, and the codes of attempts for `{{webhook errors}}`. */
export function pageAt(path: string, from: { read: ReadFile; publicUrl: string }): Page {
  const [, , ...parts] = path.replace(/\/$/, '').split('/');
  const [first = '', second] = parts;
  if (parts.length === 0) return screen('API reference', reference, { wide: true, more: loads });
  if (parts.length === 1) {
    if (Object.hasOwn(guides, first)) return guide(first, from);
    if (first === 'problems') return screen('Problems', problemList);
  }
  if (parts.length === 2 && second !== undefined) {
    if (first === 'problems' && Object.hasOwn(problems, second)) return problemPage(second as ProblemCode);
    const type = first === 'assets' && Object.hasOwn(assets, second) ? assets[second] : undefined;
    if (type) return { status: 200, headers: { 'content-type': type }, body: from.read(second) };
  }
  return nothingHere();
}

function screen(
  title: string,
  content: Html,
  options: Parameters<typeof layout>[2] = {},
  status = 200,
): Page {
  return { status, headers: pageHeaders, body: Buffer.from(layout(title, content, options)) };
}

const loads = html`
<link rel="stylesheet" href="/docs/assets/swagger-ui.css">
<script src="/docs/assets/swagger-ui-bundle.js" defer></script>
<script src="/docs/assets/reference.js" defer></script>`;

const reference = html`<div id="reference"></div>
<noscript><p>This page needs JavaScript. The document itself is <a href="/openapi.json">openapi.json</a>.</p></noscript>`;

const errorRows = Object.entries(webhookErrors)
  .map(([code, why]) => `| \`${code}\` | ${why} |`)
  .join('\n');

function guide(name: string, { read, publicUrl }: { read: ReadFile; publicUrl: string }): Page {
  const text = read(`${name}.md`)
    .toString()
    .replaceAll('{{desk}}', publicUrl)
    .replace('{{webhook errors}}', errorRows);
  return screen(guides[name] ?? name, new Html(marked.parse(text, { async: false })));
}

const codes = Object.entries(problems) as [ProblemCode, (typeof problems)[ProblemCode]][];

const problemList = html`<h1>Problems</h1>
<p>Every refusal is <a href="https://www.rfc-editor.org/rfc/rfc9457">RFC 9457</a> <code>application/problem+json</code>. Decide by <code>code</code>, show <code>detail</code> to people, keep <code>requestId</code> for questions. <code>type</code> leads to the page of its code. When API Gateway itself refuses (too many requests at once, a body over 10 MB) the body is <code>{"message"}</code>.</p>
<table><thead><tr><th>code</th><th>status</th><th></th></tr></thead><tbody>${codes.map(
  ([code, { status, title }]) =>
    html`<tr><td><a href="/docs/problems/${code}"><code>${code}</code></a></td><td>${status}</td><td>${title}</td></tr>`,
)}</tbody></table>`;

function problemPage(code: ProblemCode): Page {
  const { status, title } = problems[code];
  const { why, remedy } = help[code];
  return screen(
    title,
    html`<h1>${title}</h1>
<p><code>${code}</code>, answered with status ${status}</p>
<h2>Why</h2><p>${inline(why)}</p>
<h2>What to do</h2><p>${inline(remedy)}</p>
<p><a href="/docs/problems">All problems</a></p>`,
  );
}

const inline = (text: string) => new Html(marked.parseInline(text, { async: false }));

export function nothingHere(): Page {
  return screen(
    'There is nothing here',
    html`<h1>There is nothing here</h1><p>The <a href="/docs">reference</a> has all that there is.</p>`,
    {},
    404,
  );
}
