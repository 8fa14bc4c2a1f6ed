import { createCipheriv, createDecipheriv, hkdfSync } from 'node:crypto';
import type { Idempotent, Operation } from '../../shared/contract/operation.ts';
import { addSeconds, type Instant } from '../../shared/domain/time.ts';
import { type Answer, bodyBytes, type HttpEvent, Refusal } from '../../shared/runtime/http.ts';
import { invalid } from '../../shared/runtime/http-words.ts';
import { sha256 } from '../../shared/runtime/random.ts';
import { Conflict, IdempotencyTaken } from '../../shared/store/conflict.ts';
import type { IdempotencyRecord } from '../../shared/store/types/idempotency.ts';
import type { Call, Effect, Keep } from './call.ts';
import { type Caller, ownerOf } from './caller.ts';

/** `Idempotency-Key`: the same key and body give the same answer, byte for byte. */
export type IdempotencyKey = Pick<IdempotencyRecord, 'owner' | 'key' | 'fingerprint' | 'expiresAt'>;

const keptSeconds = 24 * 3_600;
const secretKeptSeconds = 3_600;
/** Longer than the function may run: after that a claim without an answer is that of a crash. */
const claimSeconds = 30;

export function readIdempotencyKey(
  { idempotent, method }: Pick<Operation, 'idempotent' | 'method'>,
  event: HttpEvent,
  caller: Caller,
  now: Instant,
): IdempotencyKey | null {
  const key = event.headers['idempotency-key'];
  if (key === undefined || idempotent === null) return null;
  if (!/^[\x20-\x7e]{1,255}$/.test(key)) {
    throw invalid([{ field: 'Idempotency-Key', message: 'must be 1 to 255 printable ASCII characters' }]);
  }
  return {
    owner: ownerOf(caller),
    key,
    fingerprint: sha256(`${method} ${event.rawPath}\n`, bodyBytes(event)),
    expiresAt: addSeconds(now, idempotent === 'secret' ? secretKeptSeconds : keptSeconds),
  };
}

/** Runs an operation, and answers a repetition of it with what was answered first. */
export async function once(
  call: Pick<Call, 'caller' | 'desk' | 'now' | 'idempotency'>,
  how: Idempotent | null,
  run: () => Promise<Answer | Effect>,
): Promise<Answer> {
  const { idempotency } = call;
  try {
    if (idempotency === null || how === 'commit') return await finish(await run(), () => undefined);
    return await claimed(call, idempotency, how === 'secret' ? seal(call, idempotency) : plain, run);
  } catch (error) {
    if (!(error instanceof IdempotencyTaken) || idempotency === null) throw error;
    return repeated(error.record, idempotency, how === 'secret' ? seal(call, idempotency) : plain);
  }
}

async function claimed(
  { desk, now }: Pick<Call, 'desk' | 'now'>,
  idempotency: IdempotencyKey,
  cover: Cover,
  run: () => Promise<Answer | Effect>,
): Promise<Answer> {
  const records = desk.store.idempotency;
  const known = await records.read(idempotency.owner, idempotency.key);
  if (known) return repeated(known, idempotency, cover);
  const effect = await run();
  const claim = {
    ...idempotency,
    owner: `claim ${idempotency.owner}`,
    expiresAt: addSeconds(now, claimSeconds),
    answer: { status: 0, body: '', headers: {} },
  };
  try {
    await records.put(claim);
  } catch (error) {
    if (!(error instanceof IdempotencyTaken)) throw error;
    const done = await records.read(idempotency.owner, idempotency.key);
    if (done) return repeated(done, idempotency, cover);
    throw error.record.fingerprint === idempotency.fingerprint ? inProgress() : reused();
  }
  const recordOf = (answer: Answer): IdempotencyRecord => ({
    ...idempotency,
    answer: { ...answer, body: cover.hide(answer.body) },
  });
  let isKept = false;
  const keep: Keep = (answer) => {
    isKept = true;
    return recordOf(answer);
  };
  const answer = await finished(effect, keep, () => records.drop(claim));
  if (!isKept) await records.put(recordOf(answer));
  return answer;
}

/** What was refused, or lost to somebody else, did not happen: its key is free again. Of another failure nobody knows. */
async function finished(effect: Answer | Effect, keep: Keep, giveBack: () => Promise<void>): Promise<Answer> {
  try {
    return await finish(effect, keep);
  } catch (error) {
    if (error instanceof Refusal || error instanceof Conflict) await giveBack();
    throw error;
  }
}

function finish(result: Answer | Effect, keep: Keep): Promise<Answer> | Answer {
  return typeof result === 'function' ? result(keep) : result;
}

function repeated(record: IdempotencyRecord, { fingerprint }: IdempotencyKey, cover: Cover): Answer {
  if (record.fingerprint !== fingerprint) throw reused();
  const body = cover.show(record.answer.body);
  return {
    ...record.answer,
    body,
    headers: { ...record.answer.headers, 'idempotent-replayed': 'true' },
  };
}

function reused(): Refusal {
  return new Refusal(
    'idempotency_key_reused',
    'This Idempotency-Key was sent before with another request. Use a new key for a new request.',
  );
}

function inProgress(): Refusal {
  return new Refusal(
    'idempotency_in_progress',
    'The first request with this Idempotency-Key is still running. Ask again in a moment.',
  );
}

/** How an answer is kept. */
interface Cover {
  hide(body: string): string;
  show(kept: string): string;
}

const plain: Cover = { hide: (body) => body, show: (kept) => kept };

/**
 * AES-256-GCM with a key that only the presented API key's secret gives: whoever reads the table reads
 * nothing. Kept as nonce, text and tag.
 */
function seal({ caller, desk }: Pick<Call, 'caller' | 'desk'>, { owner, key }: IdempotencyKey): Cover {
  const cipherKey = Buffer.from(
    hkdfSync('sha256', caller.secret, `${owner}\n${key}`, 'nightdesk sealed answer', 32),
  );
  return {
    hide(body) {
      const nonce = desk.random.bytes(nonceBytes);
      const cipher = createCipheriv('aes-256-gcm', cipherKey, nonce);
      const parts = [nonce, cipher.update(body), cipher.final(), cipher.getAuthTag()];
      return Buffer.concat(parts).toString('base64');
    },
    show(kept) {
      const bytes = Buffer.from(kept, 'base64');
      const decipher = createDecipheriv('aes-256-gcm', cipherKey, bytes.subarray(0, nonceBytes));
      try {
        decipher.setAuthTag(bytes.subarray(-tagBytes));
        const text = [decipher.update(bytes.subarray(nonceBytes, -tagBytes)), decipher.final()];
        return Buffer.concat(text).toString();
      } catch {
        throw new Refusal(
          'idempotency_key_reused',
          'This Idempotency-Key was first sent with another API key, which alone can read the answer.',
        );
      }
    },
  };
}

const nonceBytes = 12;
const tagBytes = 16;
