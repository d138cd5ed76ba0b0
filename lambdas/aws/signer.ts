import { createHmac, createSecretKey, hash, type KeyObject } from 'node:crypto'

export type Credentials = {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string
}

/** What is signed. Names of headers are in lower case; a path is encoded as it is sent. */
export type Signable = {
  readonly method: string
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

export type SigningScope = {
  readonly service: string
  readonly region: string
  readonly credentials: Credentials
}

/**
 * Signs requests to one service by Signature Version 4, as far as calls without a query need it
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv.html). Signing is most of the
 * work of a ping, and a package for all of AWS takes six times as long. A test holds this to the
 * SDK's signer.
 */
export class Signer {
  readonly #scope: SigningScope
  #day = ''
  #key: KeyObject = createSecretKey('none', 'utf8')

  constructor(scope: SigningScope) {
    this.#scope = scope
  }

  /**
   * The headers to send: those that are given, and those that prove who sends them. @param at epoch
   * milliseconds
   */
  sign({ method, path, headers, body }: Signable, at: number): Record<string, string> {
    const { service, region, credentials } = this.#scope
    const { accessKeyId, sessionToken } = credentials
    const time = timeOf(at)
    const signed: Record<string, string> = { ...headers, 'x-amz-date': time }
    if (sessionToken !== undefined) signed['x-amz-security-token'] = sessionToken
    const names = Object.keys(signed).sort()
    const lines = names.map((name) => `${name}:${signed[name] ?? ''}\n`).join('')
    const request = `${method}\n${encodedAgain(path)}\n\n${lines}\n${names.join(';')}\n${hash('sha256', body)}`
    const scope = `${time.slice(0, 8)}/${region}/${service}/aws4_request`
    const text = `AWS4-HMAC-SHA256\n${time}\n${scope}\n${hash('sha256', request)}`
    const signature = createHmac('sha256', this.#keyOf(time.slice(0, 8)))
      .update(text)
      .digest('hex')
    signed['authorization'] =
      `AWS4-HMAC-SHA256 Credential=${accessKeyId}/${scope}, SignedHeaders=${names.join(';')}, Signature=${signature}`
    return signed
  }

  /** One key a day. */
  #keyOf(day: string): KeyObject {
    if (day !== this.#day) {
      const { service, region, credentials } = this.#scope
      const steps = [day, region, service, 'aws4_request']
      const last = steps.reduce<string | Buffer>(
        (key, step) => createHmac('sha256', key).update(step).digest(),
        `AWS4${credentials.secretAccessKey}`,
      )
      this.#key = createSecretKey(Buffer.from(last))
      this.#day = day
    }
    return this.#key
  }
}

/** As in `20261123T013640Z`. */
function timeOf(at: number): string {
  return new Date(at).toISOString().replace(/[:-]|\.\d{3}/g, '')
}

/** All services but S3 encode the path once more. */
function encodedAgain(path: string): string {
  return path === '/' ? path : path.split('/').map(encoded).join('/')
}

function encoded(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}
