import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { registryKeys } from '../../../lambdas/store/keys.ts'
import { Channels } from '../../../lambdas/store/registry/channels.ts'
import { itemOf } from '../../../lambdas/store/registry/registry-item.ts'
import { aWebhook } from '../../support/alerts.ts'
import { makeTables, type TestEngine } from '../../support/engine.ts'

let engine: TestEngine
let channels: Channels
let count = 0

beforeAll(async () => {
  engine = await makeTables()
  channels = new Channels(engine.database, engine.names.Registry)
})
afterAll(() => engine.stop())

function aNewWebhook() {
  count += 1
  return { ...aWebhook({ headers: { 'X-A': 'b' }, body: '$NAME' }), id: `channel-${count}` }
}

describe('Channels', () => {
  it('gives back what it was given, to its project only', async () => {
    const channel = aNewWebhook()
    await channels.create('one', channel)

    expect(await channels.read('one', channel.id)).toEqual(channel)
    expect(await channels.read('two', channel.id)).toBeUndefined()
  })

  it('replaces a channel that is as it was read, and no other', async () => {
    const before = aNewWebhook()
    await channels.create('one', before)
    const after = { ...before, name: 'renamed', version: 2 }

    const outcomes = [
      await channels.update('one', { before, after }),
      await channels.update('one', { before, after: { ...after, name: 'late' } }),
    ]

    expect(outcomes).toEqual(['written', 'changed'])
    expect(await channels.read('one', before.id)).toEqual(after)
  })

  it('does not bring back what was removed', async () => {
    const channel = aNewWebhook()
    await channels.create('one', channel)

    expect([
      await channels.remove('one', channel.id),
      await channels.remove('one', channel.id),
    ]).toEqual(['deleted', 'missing'])
    expect(
      await channels.update('one', { before: channel, after: { ...channel, version: 2 } }),
    ).toBe('changed')
    expect(await channels.read('one', channel.id)).toBeUndefined()
  })

  it('reads a channel from before there were versions, and replaces it', async () => {
    const { version: _, ...old } = aNewWebhook()
    await engine.database.put({
      table: engine.names.Registry,
      item: itemOf(registryKeys.channel('one', old.id), old),
    })

    const read = await channels.read('one', old.id)

    expect(read).toEqual({ ...old, version: 0 })
    expect(
      read && (await channels.update('one', { before: read, after: { ...read, version: 1 } })),
    ).toBe('written')
  })
})
