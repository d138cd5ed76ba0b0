import { SignatureV4 } from '@smithy/signature-v4'
import { createHash, createHmac } from 'node:crypto'
import type { Credentials } from './signer.ts'

/** Which user of which database a token lets in. */
export type TokenScope = {
  readonly host: string
  readonly port: number
  readonly user: string
  readonly region: string
}

const TOKEN_SECONDS = 900

/**
 * A password by which RDS lets a user in for a quarter of an hour: a signed URL without its scheme
 * (https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.IAMDBAuth.html). It is made
 * here, without a call to AWS.
 */
export async function makeDatabaseToken(
  { host, port, user, region }: TokenScope,
  credentials: Credentials,
  at: number,
): Promise<string> {
  const signer = new SignatureV4({ service: 'rds-db', region, credentials, sha256: Sha256 })
  const request = {
    method: 'GET',
    protocol: 'https:',
    hostname: host,
    port,
    path: '/',
    headers: { host: `${host}:${port}` },
    query: { Action: 'connect', DBUser: user },
  }
  const signed = await signer.presign(request, {
    expiresIn: TOKEN_SECONDS,
    signingDate: new Date(at),
  })
  const query = Object.entries(signed.query ?? {}).map(
    ([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(String(value))}`,
  )
  return `${host}:${port}/?${query.join('&')}`
}

/** As the signer takes it: with a key a code that authenticates, else a hash. */
class Sha256 {
  readonly #key: Bytes | undefined
  #sum: ReturnType<typeof begun>

  constructor(key?: Bytes) {
    this.#key = key
    this.#sum = begun(key)
  }

  update(part: Bytes): void {
    this.#sum.update(bytesOf(part))
  }

  digest(): Promise<Uint8Array> {
    return Promise.resolve(new Uint8Array(this.#sum.digest()))
  }

  reset(): void {
    this.#sum = begun(this.#key)
  }
}

type Bytes = string | ArrayBuffer | ArrayBufferView

function begun(key: Bytes | undefined) {
  return key === undefined ? createHash('sha256') : createHmac('sha256', bytesOf(key))
}

function bytesOf(part: Bytes): Buffer {
  if (typeof part === 'string') return Buffer.from(part)
  return ArrayBuffer.isView(part)
    ? Buffer.from(part.buffer, part.byteOffset, part.byteLength)
    : Buffer.from(part)
}
