import type { SNSEvent } from 'aws-lambda'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { makeBounceHandler } from '../../lambdas/bounce.ts'
import { random } from '../../lambdas/runtime/random.ts'
import { Addresses } from '../../lambdas/store/telling/addresses.ts'
import { Deliveries } from '../../lambdas/store/telling/deliveries.ts'
import { hour, start } from '../support/builders.ts'
import { makeTables, type TestEngine } from '../support/engine.ts'

let engine: TestEngine
let addresses: Addresses
let deliveries: Deliveries
let channelId: string
let address: string

beforeAll(async () => {
  engine = await makeTables()
  addresses = new Addresses(engine.database, engine.names.Journal)
  deliveries = new Deliveries(engine.database, engine.names.Journal)
})
afterAll(() => engine.stop())
beforeEach(() => {
  channelId = random.uuid()
  address = `${channelId}@example.com`
})

/**
 * An event of SES by way of SNS: a mail to the address, sent an hour after the start, has bounced
 * or is complained of.
 */
function told(own: EventFields = {}, ...others: readonly string[]) {
  const Records = [...others, messageOf(own)].map((Message, index) => ({
    Sns: { MessageId: `message-${index}`, Message },
  }))
  return makeBounceHandler({ addresses, deliveries })({ Records } as unknown as SNSEvent)
}

type EventFields = {
  readonly eventType?: string
  readonly bounceType?: string
  readonly about?: string
}

function messageOf(own: EventFields): string {
  const { eventType = 'Bounce', bounceType = 'Permanent', about } = own
  const timestamp = new Date(start + hour).toISOString()
  const tags = {
    project: ['project'],
    channel: [channelId],
    ...(about === undefined ? {} : { about: [about] }),
  }
  const mail = { timestamp, destination: [address], tags }
  const kinds = {
    bounce: { bounceType, bounceSubType: 'NoEmail', timestamp },
    complaint: { complaintFeedbackType: 'abuse', timestamp },
  }
  return JSON.stringify({ eventType, mail, ...kinds })
}

describe('bounce', () => {
  it('suppresses an address whose mail bounced for good, and shows it as the last delivery of the channel', async () => {
    await told()

    expect(await addresses.suppression(address)).toEqual({
      reason: 'bounce',
      detail: 'Permanent, NoEmail',
      at: start + hour,
    })
    const outcome = await deliveries.lastOutcome(channelId)
    expect(outcome).toEqual({
      state: 'failed',
      at: start + hour,
      error: 'bounce: Permanent, NoEmail',
    })
  })

  it('suppresses an address that complained of an alert', async () => {
    await told({ eventType: 'Complaint' })

    expect(await addresses.suppression(address)).toMatchObject({
      reason: 'complaint',
      detail: 'abuse',
    })
  })

  it('keeps no alerts from an address that complained of a link, which a stranger had mailed', async () => {
    await told({ eventType: 'Complaint', about: 'link' })

    expect(await addresses.suppression(address)).toBeUndefined()
    expect(await deliveries.lastOutcome(channelId)).toMatchObject({
      state: 'failed',
      error: 'complaint: abuse',
    })
  })

  it('only notes what may pass', async () => {
    await told({ bounceType: 'Transient' })

    expect(await addresses.suppression(address)).toBeUndefined()
    expect(await deliveries.lastOutcome(channelId)).toMatchObject({
      state: 'failed',
      error: 'bounce: Transient, NoEmail',
    })
  })

  it('leaves alone an address that was verified after the mail that bounced', async () => {
    await addresses.verify(address, start + 2 * hour)

    await told()

    expect(await addresses.suppression(address)).toBeUndefined()
    expect(await deliveries.lastOutcome(channelId)).toBeUndefined()
  })

  it('takes what else is said on the topic', async () => {
    await expect(told({ eventType: 'Reject' })).resolves.toBeUndefined()
  })

  it.each(['no JSON', 'null', '{}', '{"eventType":"Bounce","mail":{"tags":{"channel":["c"]}}}'])(
    'notes what lies behind a message that is none, and fails: %s',
    async (message) => {
      await expect(told({}, message)).rejects.toThrow("messages message-0 can't be read")

      expect(await addresses.suppression(address)).toMatchObject({ reason: 'bounce' })
    },
  )
})
