import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import type { Log } from '../../shared/runtime/logging.ts';
import { type Page, pageAt, type ReadFile } from './pages.ts';

export interface DocsDesk {
  read: ReadFile;
  publicUrl: string;
  log: Log;
}

/** A page as it is kept: made once in the life of an instance. */
interface Kept extends Page {
  etag: string;
  packed: Buffer;
}

const common = {
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};

/** The documentation as a Lambda handler: the same for everybody, read-only, cached by ETag. */
export function makeDocs(desk: DocsDesk) {
  const kept = new Map<string, Kept>();
  const pageOf = (path: string): Kept => {
    const known = kept.get(path);
    if (known) return known;
    const page = pageAt(path, desk);
    const etag = createHash('sha256').update(page.body).digest('base64url').slice(0, 22);
    const made = { ...page, etag, packed: gzipSync(page.body) };
    // Whatever else is asked for is not kept: addresses without end would fill the memory.
    if (page.status === 200) kept.set(path, made);
    return made;
  };
  return async (event: APIGatewayProxyEventV2): Promise<APIGatewayProxyStructuredResultV2> => {
    const { method, path } = event.requestContext.http;
    const answer = /^(GET|HEAD)$/.test(method) ? answered(pageOf(path), event) : notAllowed;
    const headers = { ...common, ...answer.headers, 'x-request-id': event.requestContext.requestId };
    desk.log.info('answered', {
      requestId: event.requestContext.requestId,
      method,
      status: answer.statusCode,
    });
    return { ...answer, headers };
  };
}

const notAllowed = { statusCode: 405, headers: { allow: 'GET, HEAD' }, body: '' };

/** A page as this request wants it: not at all, packed, or plain. */
function answered(page: Kept, event: APIGatewayProxyEventV2): APIGatewayProxyStructuredResultV2 {
  const packs = /\bgzip\b/.test(event.headers['accept-encoding'] ?? '');
  const headers = {
    ...page.headers,
    etag: `"${page.etag}${packs ? '-gzip' : ''}"`,
    vary: 'accept-encoding',
    'cache-control': page.status === 200 ? 'public, max-age=300' : 'no-store',
  };
  if (page.status === 200 && event.headers['if-none-match']?.includes(page.etag))
    return { statusCode: 304, headers, body: '' };
  if (event.requestContext.http.method === 'HEAD') return { statusCode: page.status, headers, body: '' };
  return packs
    ? {
        statusCode: page.status,
        headers: { ...headers, 'content-encoding': 'gzip' },
        body: page.packed.toString('base64'),
        isBase64Encoded: true,
      }
    : { statusCode: page.status, headers, body: page.body.toString() };
}
