import { createHash, createHmac, type Hash, type Hmac } from 'node:crypto';

/**
 * Stands for `@smithy/core/checksum`: the same classes over Node's own hashes, without the implementations in
 * JavaScript for hosts that have none.
 */
function over(algorithm: 'sha256' | 'md5') {
  return class {
    private readonly secret: string | Uint8Array | undefined;
    private hash: Hash | Hmac;

    constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
      this.secret = typeof secret === 'string' ? secret : secret && bytesOf(secret);
      this.hash = this.fresh();
    }

    update(data: string | Uint8Array): void {
      this.hash.update(data);
    }

    /** Of what came so far; more may come after it, but for a keyed one. */
    async digest(): Promise<Uint8Array> {
      const hash = 'copy' in this.hash ? this.hash.copy() : this.hash;
      return new Uint8Array(hash.digest());
    }

    reset(): void {
      this.hash = this.fresh();
    }

    private fresh(): Hash | Hmac {
      return this.secret ? createHmac(algorithm, this.secret) : createHash(algorithm);
    }
  };
}

function bytesOf(data: ArrayBuffer | ArrayBufferView): Uint8Array {
  return ArrayBuffer.isView(data)
    ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
    : new Uint8Array(data);
}

export const Sha256 = over('sha256');
export const Md5 = over('md5');
