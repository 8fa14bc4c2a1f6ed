import { describe, expect, it } from 'vitest';
import { preflight, withCors } from '../../infra/local/http/cors.ts';

const plan = {
  origins: ['https://console.example'],
  methods: ['GET', 'POST'],
  headers: ['authorization'],
  exposed: ['etag'],
  maxAgeSeconds: 3_600,
};
const ask = (origin: string | undefined, more: Record<string, string> = {}) => ({
  method: 'OPTIONS',
  headers: { ...(origin !== undefined && { origin }), ...more },
});
const wanted = { 'access-control-request-method': 'POST' };

describe('a preflight', () => {
  it('of a configured origin is answered with what it may do', () => {
    expect(preflight(plan, ask('https://console.example', wanted))).toEqual({
      'access-control-allow-origin': 'https://console.example',
      'access-control-allow-methods': 'GET,POST',
      'access-control-allow-headers': 'authorization',
      'access-control-max-age': '3600',
    });
  });

  it.each(['https://console.example.evil.example', 'https://evil.example', 'null', 'http://console.example'])(
    'of %s is answered without leave',
    (origin) => {
      expect(preflight(plan, ask(origin, wanted))).toEqual({});
    },
  );

  it('is none without its two headers, and where nothing is configured: the route answers', () => {
    expect(preflight(plan, ask('https://console.example'))).toBeNull();
    expect(preflight(plan, ask(undefined, wanted))).toBeNull();
    expect(preflight(plan, { ...ask('https://console.example', wanted), method: 'POST' })).toBeNull();
    expect(preflight(null, ask('https://console.example', wanted))).toBeNull();
  });
});

describe('another answer', () => {
  const headers = { etag: '"1"', 'access-control-allow-origin': '*' };

  it('is for the configured origin, and the function’s own headers of the kind are dropped', () => {
    expect(
      withCors(plan, { method: 'GET', headers: { origin: 'https://console.example' } }, headers),
    ).toEqual({
      etag: '"1"',
      'access-control-allow-origin': 'https://console.example',
      'access-control-expose-headers': 'etag',
    });
    expect(withCors(plan, { method: 'GET', headers: { origin: 'https://evil.example' } }, headers)).toEqual({
      etag: '"1"',
    });
  });

  it('stays as it is where nothing is configured', () => {
    expect(withCors(null, { method: 'GET', headers: { origin: 'https://a.example' } }, headers)).toEqual(
      headers,
    );
  });
});
