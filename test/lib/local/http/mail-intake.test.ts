import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Bucket } from '../../../../lib/local/services/bucket.ts'
import type { LocalFunction } from '../../../../lib/local/functions/local-function.ts'
import { MailIntake } from '../../../../lib/local/http/mail-intake.ts'
import { LocalQueue } from '../../../../lib/local/services/queue.ts'
import { StorageError } from '../../../../lib/local/data/storage-error.ts'
import { VirtualClock } from '../../../../lib/local/functions/virtual-clock.ts'
import { keeper } from '../../../support/keeping.ts'

type Received = {
  readonly ses: {
    readonly mail: { readonly messageId: string; readonly source: string }
    readonly receipt: { readonly recipients: readonly string[] }
  }
}

const id = '7d3a1c54-9a0f-4b7e-8a4e-0f5a6b7c8d9e'
const check = `${id}@ping.example.com`
const turn = () => new Promise((resolve) => setImmediate(resolve))

let clock: VirtualClock
let disk: ReturnType<typeof keeper>
let bucket: Bucket
let failures: LocalQueue
let intake: MailIntake
let makeIntake: () => MailIntake
let events: Received[]
let failing: number
beforeEach(() => {
  clock = new VirtualClock()
  disk = keeper()
  bucket = new Bucket(
    { name: 'Inbox', arn: 'arn:aws:s3:::Inbox', expirationDays: 7 },
    { clock, keeper: disk.state },
  )
  failures = new LocalQueue(
    {
      name: 'Dead',
      arn: 'arn:dead',
      url: '',
      visibilitySeconds: 30,
      delaySeconds: 0,
      retentionSeconds: 86_400,
    },
    { clock, keeper: disk },
  )
  events = []
  failing = 0
  const target = {
    definition: { name: 'inbound', arn: 'arn:inbound', retries: 2, timeoutSeconds: 30 },
    invoke: ({ Records: [record] }: { readonly Records: readonly [Received] }) => {
      events.push(record)
      failing -= 1
      return Promise.resolve(
        failing >= 0
          ? { error: { errorType: 'Error', errorMessage: 'no', trace: [] } }
          : { payload: 'null' },
      )
    },
  } as unknown as LocalFunction
  const rule = { domain: 'ping.example.com', bucketName: 'Inbox', functionName: 'inbound' }
  makeIntake = () => new MailIntake({ rule, bucket, target, failures, clock, keeper: disk })
  intake = makeIntake()
})
afterEach(() => clock.stop())

const take = (...to: readonly string[]) =>
  intake.take({ from: 'cron@a.example', to, raw: Buffer.from('Subject: x\r\n\r\nhi') })

describe('a mail to the local stack', () => {
  it('is left in the bucket, byte for byte, and the function told whom it is for', () => {
    take(check)

    expect(events).toMatchObject([
      { ses: { mail: { source: 'cron@a.example' }, receipt: { recipients: [check] } } },
    ])
    expect(bucket.get(events[0]?.ses.mail.messageId ?? '')?.toString()).toBe('Subject: x\r\n\r\nhi')
  })

  it('is taken for those whom it can ping', () => {
    const [other, invalid] = [`${id}@example.com`, 'postmaster@ping.example.com']

    expect(take(other, check, invalid)).toEqual({ accepted: [check], rejected: [other, invalid] })
    expect(events[0]?.ses.receipt.recipients).toEqual([check])
    expect(take(other)).toEqual({ accepted: [], rejected: [other] })
    expect(events).toHaveLength(1)
  })

  it('comes again after one minute and after two, as the same, and is kept when it never succeeds', async () => {
    failing = Infinity
    take(check)
    for (const [seconds, attempts] of [
      [59, 1],
      [1, 2],
      [119, 2],
      [1, 3],
      [600, 3],
    ] as const) {
      await turn()
      clock.moveTo(clock.now() + seconds * 1000)
      await turn()
      expect(events).toHaveLength(attempts)
    }

    expect(new Set(events.map(({ ses }) => ses.mail.messageId)).size).toBe(1)
    expect(failures.receive(10).map(({ body }) => JSON.parse(body) as object)).toMatchObject([
      { requestPayload: { Records: [events[0]] } },
    ])
  })

  it('is handed over by another run when the process ended before', () => {
    failing = Infinity
    take(check)

    makeIntake()

    expect(events).toHaveLength(2)
    expect(events[1]).toEqual(events[0])
    expect(bucket.get(events[1]?.ses.mail.messageId ?? '')?.toString()).toBe('Subject: x\r\n\r\nhi')
  })

  it('is refused while the disk is full', () => {
    disk.fill()

    expect(() => take(check)).toThrow(StorageError)
    expect(events).toEqual([])
  })

  it('is gone from the bucket when its time is over', () => {
    take(check)

    clock.moveTo(clock.now() + 7 * 86_400_000)

    expect(bucket.get(events[0]?.ses.mail.messageId ?? '')).toBeUndefined()
  })
})
