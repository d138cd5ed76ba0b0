import { marshall } from '@aws-sdk/util-dynamodb'
import type { DynamoDBRecord } from 'aws-lambda'
import { describe, expect, it } from 'vitest'
import type { FlipMessage } from '../../lambdas/domain/telling/alert.ts'
import { newCanaryId } from '../../lambdas/domain/watching/own-heartbeats.ts'
import { makeRelayHandler } from '../../lambdas/relay.ts'
import { minute, start } from '../support/builders.ts'

const up = { id: 'check-1', v: 1, P: 60, Z: 'UTC', G: 60, s: 'up', p: start, u: start, U: 0, n: 1 }
const down = { ...up, s: 'down', w: start + minute, W: 1, y: `m${start}` }
const paused = { ...up, s: 'paused', h: start + minute, H: 1 }

function aRecord(SequenceNumber: string, before: object, after: object): DynamoDBRecord {
  const dynamodb = {
    SequenceNumber,
    Keys: marshall({ id: 'check-1' }),
    OldImage: marshall(before),
    NewImage: marshall(after),
  }
  return { eventName: 'MODIFY', dynamodb: dynamodb as NonNullable<DynamoDBRecord['dynamodb']> }
}

async function relayed(...Records: DynamoDBRecord[]) {
  const messages: FlipMessage[] = []
  const flips = {
    send: (some: readonly object[]) =>
      Promise.resolve(void messages.push(...(some as FlipMessage[]))),
  }
  await makeRelayHandler({ flips })({ Records })
  return messages
}

describe('relay', () => {
  it('hands on a way down with the heartbeat that it left behind', async () => {
    const messages = await relayed(aRecord('1', up, down))

    expect(messages).toMatchObject([
      {
        flip: {
          checkId: 'check-1',
          at: start + minute,
          count: 1,
          status: 'down',
          from: 'up',
          reason: 'timeout',
        },
        heartbeat: { id: 'check-1', status: 'down', lastPingAt: start, graceSeconds: 60 },
      },
    ])
  })

  it('hands on a recovery with the beginning of the outage', async () => {
    const recovered = { ...up, n: 2, u: start + 5 * minute, U: 1 }

    const messages = await relayed(aRecord('1', down, recovered))

    expect(messages).toMatchObject([
      { flip: { status: 'up', from: 'down', at: start + 5 * minute, downSinceAt: start + minute } },
    ])
  })

  it.each([
    ['a first ping', { ...up, s: 'new' }, up],
    ['a pause', up, paused],
    ['the ping that ends a pause', paused, { ...up, u: start + 2 * minute, U: 1 }],
    ['a ping without a flip', up, { ...up, n: 2, p: start + 5 }],
    ['a deletion', down, { id: 'check-1', v: 2, z: 1 }],
    [
      'a failure that somebody reports of the canary',
      { ...up, id: newCanaryId('1') },
      { ...down, id: newCanaryId('1') },
    ],
  ])('keeps quiet about %s', async (_, before, after) => {
    expect(await relayed(aRecord('1', before, after))).toEqual([])
  })

  it('passes over a record that can not be read, and hands on those around it', async () => {
    const broken = aRecord('2', { ...up, s: 'sideways' }, down)

    const messages = await relayed(
      aRecord('1', up, down),
      broken,
      aRecord('3', up, { ...down, W: 7 }),
    )

    expect(messages.map(({ flip }) => flip.count)).toEqual([1, 7])
  })

  it('fails as a whole when the queue takes nothing', async () => {
    const send = () => Promise.reject(new Error('unreachable'))

    await expect(
      makeRelayHandler({ flips: { send } })({ Records: [aRecord('1', up, down)] }),
    ).rejects.toThrow('unreachable')
  })
})
