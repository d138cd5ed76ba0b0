import { describe, expect, it } from 'vitest'
import { callsHost, channelOf, takes } from '../../lambdas/channels/kinds.ts'
import { occasions } from '../../lambdas/domain/telling/channel.ts'
import { aChannel, aWebhook } from '../support/alerts.ts'
import { aServiceChannel } from '../support/services.ts'
import { start } from '../support/builders.ts'

const { address: _, verification: __, ...base } = aChannel()
const topic = { ...base, kind: 'sns', topicArn: 'arn:aws:sns:us-east-1:123456789012:alerts' }
const bus = { ...base, kind: 'eventbridge', busArn: 'arn' }
const pending = { state: 'pending', tokenHash: '', mailedAt: start, expiresAt: start } as const

describe('a stored channel', () => {
  it.each([[aChannel()], [aWebhook()], [topic], [bus]])(
    'is read by its kind, and what that does not know is left out: %j',
    (stored) => {
      const fields = { ...stored, pk: 'project', sk: 'channel' }

      expect(channelOf(fields)).toEqual(stored)
    },
  )

  it.each([
    [{ ...base, kind: 'pigeon' }],
    [{ ...base, kind: 'email' }],
    [{ ...aWebhook(), down: { url: 5 } }],
    [{ ...topic, topicArn: undefined }],
  ])('is refused where its kind does not know it: %j', (stored) => {
    expect(() => channelOf(stored)).toThrow()
  })

  it('is verified where it is from before there were verifications', () => {
    const { verification, ...old } = aChannel()

    expect(channelOf(old)).toEqual({ ...old, verification })
  })

  it('is to be verified again where it was suppressed by itself', () => {
    const stored = { ...aChannel(), suppression: { at: start } }

    expect(channelOf(stored)).toEqual(aChannel({ verification: pending }))
  })

  it('has its headers in order: tables keep none', () => {
    const read = channelOf(aWebhook({ headers: { b: '1', a: '2' } }))

    expect(JSON.stringify(read)).toContain('{"a":"2","b":"1"}')
  })
})

describe('a channel', () => {
  it.each([
    ['an address that is verified', aChannel(), true, true],
    ['one that is not', aChannel({ verification: pending }), false, false],
    ['a webhook with a request for one status', aWebhook(), true, false],
    ['a topic', channelOf(topic), true, true],
    ['a bus', channelOf(bus), true, true],
  ])('that is %s is told of what it takes', (_, channel, down, up) => {
    const told = channelOf(channel)

    expect(occasions.map((occasion) => takes(told, occasion))).toEqual([down, up, down])
  })

  it('is told of nothing that it does not want to hear', () => {
    const recoveries = channelOf({ ...topic, on: ['up', 'still-down'] })

    expect(occasions.map((occasion) => takes(recoveries, occasion))).toEqual([false, true, true])
  })

  it('calls a host of the internet as a webhook or a service', () => {
    const called = [aChannel(), aWebhook(), topic, bus, aServiceChannel('slack')].map(callsHost)

    expect(called).toEqual([false, true, false, false, true])
  })
})
