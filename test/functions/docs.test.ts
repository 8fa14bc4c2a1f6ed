import { existsSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import { makeDocs } from '../../functions/docs/docs.ts';
import { problems } from '../../shared/contract/problems.ts';
import { webhookErrors } from '../../shared/contract/webhook-errors.ts';
import { problemAnswer, Refusal } from '../../shared/runtime/http.ts';

const publicUrl = 'https://desk.example';
const logged: unknown[] = [];
const log = (...line: unknown[]) => void logged.push(line);
const docs = makeDocs({
  read(name) {
    const own = new URL(`../../functions/docs/files/${name}`, import.meta.url);
    return readFileSync(existsSync(own) ? own : `node_modules/swagger-ui-dist/${name}`);
  },
  publicUrl,
  log: { info: log, warn: log, error: log },
});

async function get(path: string, headers: Record<string, string> = {}, method = 'GET') {
  const answer = await docs({
    headers,
    requestContext: { requestId: 'req-1', http: { method, path } },
  } as unknown as APIGatewayProxyEventV2);
  const body = Buffer.from(answer.body ?? '', answer.isBase64Encoded ? 'base64' : 'utf8');
  return {
    status: answer.statusCode,
    headers: answer.headers as Record<string, string>,
    body,
    text: `${body}`,
  };
}

const pages = ['/docs', '/docs/connect', '/docs/webhooks', '/docs/problems'];
const linksOf = (text: string) =>
  [...text.matchAll(/(?:href|src)="(\/docs[^"#]*)"/g)].map(([, path]) => path ?? '');

describe('the documentation', () => {
  it('has no link of its own that leads nowhere, and loads nothing from anywhere else', async () => {
    for (const page of pages) {
      const { text, status } = await get(page);
      expect(status).toBe(200);
      expect(text).not.toContain('{{');
      expect(text).not.toMatch(/(src|<link[^>]*href)="(?!\/docs\/assets\/)/);
      for (const path of linksOf(text)) expect((await get(path)).status, `${page} → ${path}`).toBe(200);
    }
  });

  it.each(Object.keys(problems) as (keyof typeof problems)[])(
    'has the page of %s where the type of a refusal leads',
    async (code) => {
      const answer = problemAnswer(new Refusal(code, 'So it is.'), { requestId: 'r', publicUrl });
      const { text, status } = await get(JSON.parse(answer.body).type.replace(publicUrl, ''));
      expect(status).toBe(200);
      expect(text).toContain(`<h1>${problems[code].title}</h1>`);
      expect(text).toContain(`<code>${code}</code>`);
    },
  );

  it('says what each error code of a webhook’s attempt means', async () => {
    const { text } = await get('/docs/webhooks');
    for (const [code, why] of Object.entries(webhookErrors))
      expect(text).toContain(`<td><code>${code}</code></td>\n<td>${why}</td>`);
    expect(text).toContain('<td><code>status_503</code></td>');
  });

  it('runs no script but its own, and is framed by nobody', async () => {
    for (const page of [...pages, '/docs/nothing']) {
      const { headers, text } = await get(page);
      expect(headers['content-security-policy']).toMatch(/^default-src 'none'; script-src 'self'; /);
      expect(headers['content-security-policy']).toContain("frame-ancestors 'none'");
      expect(headers['content-security-policy']).not.toContain('unsafe');
      expect(headers['x-content-type-options']).toBe('nosniff');
      expect(text).not.toMatch(/<script(?![^>]* src=)|\son\w+=|javascript:/);
    }
  });

  it('is sent again only when it has changed, packed for whoever takes that', async () => {
    const plain = await get('/docs/connect');
    const packed = await get('/docs/connect', { 'accept-encoding': 'gzip, br' });
    expect(packed.headers).toMatchObject({ 'content-encoding': 'gzip', vary: 'accept-encoding' });
    expect(gunzipSync(packed.body)).toEqual(plain.body);
    for (const { headers } of [plain, packed]) {
      const again = await get('/docs/connect', { 'if-none-match': `W/${headers.etag}` });
      expect(again).toMatchObject({ status: 304, text: '' });
    }
    expect((await get('/docs', { 'if-none-match': plain.headers.etag ?? '' })).status).toBe(200);
    expect(await get('/docs', {}, 'HEAD')).toMatchObject({ status: 200, text: '' });
  });

  it('is the same with a slash behind it', async () => {
    for (const page of pages) expect(await get(`${page}/`)).toEqual(await get(page));
  });

  it('has nothing beyond that, and is only read', async () => {
    for (const path of [
      '/docs//',
      '/docs/__proto__',
      '/docs/handler.ts',
      '/docs/assets/connect.md',
      '/docs/assets/..',
      '/docs/assets/constructor',
      '/docs/problems/toString',
      '/docs/problems/internal/more',
    ])
      expect((await get(path)).status, path).toBe(404);
    expect(await get('/docs', {}, 'POST')).toMatchObject({ status: 405, headers: { allow: 'GET, HEAD' } });
  });
});
