import type { SNSEvent } from 'aws-lambda'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { makeBounceHandler } from '../../lambdas/bounce.ts'
import type { EmailChannel } from '../../lambdas/domain/channel.ts'
import { random } from '../../lambdas/runtime/random.ts'
import { Channels } from '../../lambdas/store/channels.ts'
import { Deliveries } from '../../lambdas/store/deliveries.ts'
import { aChannel } from '../support/alerts.ts'
import { hour, start } from '../support/builders.ts'
import { makeTables, type TestEngine } from '../support/engine.ts'

let engine: TestEngine
let channels: Channels
let deliveries: Deliveries
let channel: EmailChannel

beforeAll(async () => {
  engine = await makeTables()
  channels = new Channels(engine.client, engine.names.Registry)
  deliveries = new Deliveries(engine.client, engine.names.Journal)
})
afterAll(() => engine.stop())
beforeEach(async () => {
  channel = aChannel({ id: random.uuid(), version: 3 })
  await channels.create('project', channel)
})

/** An event of SES by way of SNS: a mail to the channel, sent an hour after it was verified, has bounced. */
function bounced(own: { readonly type?: string; readonly address?: string; readonly mailedAt?: number } = {}) {
  const { type = 'Permanent', address = channel.address, mailedAt = start + hour } = own
  const timestamp = new Date(mailedAt).toISOString()
  const mail = { timestamp, destination: [address], tags: { project: ['project'], channel: [channel.id] } }
  const message = { eventType: 'Bounce', mail, bounce: { bounceType: type, bounceSubType: 'NoEmail', timestamp } }
  const event = { Records: [{ Sns: { Message: JSON.stringify(message) } }] } as unknown as SNSEvent
  return makeBounceHandler({ channels, deliveries })(event)
}

const suppression = { reason: 'bounce', detail: 'Permanent, NoEmail', at: start + hour }

describe('bounce', () => {
  it('suppresses a channel whose mail bounced for good, and shows it as its last delivery', async () => {
    await bounced()

    expect(await channels.read('project', channel.id)).toEqual({ ...channel, version: 4, suppression })
    const outcome = await deliveries.lastOutcome(channel.id)
    expect(outcome).toEqual({ state: 'failed', at: start + hour, error: 'bounce: Permanent, NoEmail' })
  })

  it('only notes what may pass', async () => {
    await bounced({ type: 'Transient' })

    expect(await channels.read('project', channel.id)).toEqual(channel)
    expect(await deliveries.lastOutcome(channel.id)).toMatchObject({ state: 'failed', error: 'bounce: Transient, NoEmail' })
  })

  it.each([
    ['has another address by now', { address: 'old@example.com' }],
    ['was verified after the mail that bounced', { mailedAt: start - 1 }],
  ])('leaves alone a channel that %s', async (_, own) => {
    await bounced(own)

    expect(await channels.read('project', channel.id)).toEqual(channel)
    expect(await deliveries.lastOutcome(channel.id)).toBeUndefined()
  })

  it('leaves alone a channel whose address is being verified again', async () => {
    const pending = { state: 'pending', tokenHash: '', mailedAt: start + 2 * hour, expiresAt: start + 3 * hour } as const
    const asked = { ...channel, version: 4, verification: pending }
    await channels.update('project', channel, asked)

    await bounced()

    expect(await channels.read('project', channel.id)).toEqual(asked)
  })

  it('makes no channel that is gone', async () => {
    await channels.remove('project', channel.id)

    await bounced()

    expect(await channels.read('project', channel.id)).toBeUndefined()
  })

  it('keeps a change made at the same time from undoing it', async () => {
    await bounced()

    expect(await channels.update('project', channel, { ...channel, name: 'renamed', version: 4 })).toBe('changed')
  })

  it('takes what else is said on the topic', async () => {
    const event = { Records: [{ Sns: { Message: JSON.stringify({ eventType: 'Reject' }) } }] } as unknown as SNSEvent

    await expect(makeBounceHandler({ channels, deliveries })(event)).resolves.toBeUndefined()
  })
})
