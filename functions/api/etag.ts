import { canonicalJson } from '../../shared/domain/canonical-json.ts';
import { Refusal } from '../../shared/runtime/http.ts';
import { sha256 } from '../../shared/runtime/random.ts';
import type { Call } from './call.ts';

/** The tag of what counts its versions. */
export function etagOf({ version }: { version: number }): string {
  return `"${version}"`;
}

/** The tag of an entry of the directory: of its content as it is kept. */
export function tagOf(entry: object): string {
  return `"${sha256(canonicalJson(entry)).slice(0, 16)}"`;
}

/**
 * `If-Match`, to be asked on what was read for the very change. Compared strongly, as RFC 9110 wants it: a weak tag
 * matches nothing. null: there is no such thing yet, so that nothing matches, not even `*`.
 * @throws Refusal `precondition_failed`
 */
export function mustMatch({ ifMatch }: Pick<Call, 'ifMatch'>, tag: string | null): void {
  if (ifMatch === null || (tag !== null && (ifMatch.includes('*') || ifMatch.includes(tag)))) return;
  const detail = tag === null ? 'There is no such thing yet.' : `It is at ${tag} now: read it again.`;
  throw new Refusal('precondition_failed', detail);
}
