import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { boundedCalls } from '../runtime/bounded-calls.ts'

/** The bucket where SES leaves the mails that it received, each under the id that SES gave it. */
export class Inbox {
  readonly #client: S3Client
  readonly #bucket: string

  constructor(client: S3Client, bucketName: string) {
    this.#client = client
    this.#bucket = bucketName
  }

  /** A mail as it came. @throws when it is not there. */
  async read(mailId: string): Promise<Uint8Array> {
    const { Body } = await this.#client.send(
      new GetObjectCommand({ Bucket: this.#bucket, Key: mailId }),
    )
    return (await Body?.transformToByteArray()) ?? new Uint8Array()
  }
}

/** A mail of 40 MB, the most that SES receives, takes its time. */
export function makeInboxClient(): S3Client {
  return new S3Client(
    boundedCalls({ connectionTimeoutMs: 1000, requestTimeoutMs: 10_000, maxAttempts: 3 }),
  )
}
