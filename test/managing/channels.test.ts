import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { channelLimit } from '../../lambdas/domain/telling/channel.ts'
import { changeChannel, createChannel, deleteChannel } from '../../lambdas/managing/channels.ts'
import { testChannel } from '../../lambdas/managing/test-channel.ts'
import { channelOfLink, verifyAddress } from '../../lambdas/managing/verify-address.ts'
import { makeTestApi } from '../support/api.ts'
import { somebody as by, start } from '../support/builders.ts'
import { but } from '../support/but.ts'
import { healthyIntake } from '../support/intake.ts'

let deps: Awaited<ReturnType<typeof makeTestApi>>

beforeAll(async () => {
  deps = await makeTestApi()
})
afterAll(() => deps.stop())

/** Wants a channel of a new project, and notes the tokens of the links that are mailed. */
async function aRequest() {
  const { project } = await deps.project()
  const tokens: string[] = []
  const linkOf = (channelId: string, token: string) => {
    tokens.push(token)
    return `https://example.com/${channelId}`
  }
  return { tokens, request: { projectId: project.id, now: start, by, linkOf } }
}

function anAddress() {
  const base = { id: deps.random.uuid(), name: '', version: 1, createdAt: start }
  return { ...base, kind: 'email', address: `${base.id}@example.com` } as const
}

describe('a channel', () => {
  it('is verified by the newest link, once', async () => {
    const { tokens, request } = await aRequest()
    const made = anAddress()
    await createChannel(deps, made, request)
    const link = {
      projectId: request.projectId,
      channelId: made.id,
      token: tokens.at(-1) ?? '',
    }

    expect(await channelOfLink(deps, { ...link, token: 'x'.repeat(43) })).toBeUndefined()
    expect(await verifyAddress(deps, link, by)).toMatchObject({
      verification: { state: 'verified' },
    })
    expect(await verifyAddress(deps, link, by)).toBeUndefined()
  })

  it('asks for no second link while its address stays unnamed', async () => {
    const { tokens, request } = await aRequest()
    const wanted = anAddress()
    const before = await createChannel(deps, wanted, request)
    if ('refusal' in before) expect.unreachable()

    const named = { ...wanted, name: 'ops' }
    const change = { before, wanted: named, isAddressNamed: false }

    expect(await changeChannel(deps, change, request)).toMatchObject({ name: 'ops', version: 2 })
    expect(tokens).toHaveLength(1)
    expect(await changeChannel(deps, change, request)).toEqual({ refusal: 'channel-changed' })
  })

  it('is refused with an address that has just got a link', async () => {
    const { request } = await aRequest()
    const { address } = anAddress()
    await createChannel(deps, { ...anAddress(), address }, request)

    const outcome = await createChannel(deps, { ...anAddress(), address }, request)

    expect(outcome).toEqual({ refusal: 'address-links-used-up' })
  })

  it('is refused in a project that has as many as an alert may go to', async () => {
    const { request } = await aRequest()
    const others = Array.from({ length: channelLimit }, () => ({ id: '', name: '' }))
    const registry = { channelNames: () => Promise.resolve(others) }
    const full = { ...deps, registry: but(deps.registry, registry) }

    expect(await createChannel(full, anAddress(), request)).toEqual({ refusal: 'channels-full' })
  })

  it('that nobody verified is not tested, and one that is missing not either', async () => {
    const { request } = await aRequest()
    const { id } = anAddress()
    const { projectId } = request
    await createChannel(deps, { ...anAddress(), id }, request)
    const impairment = await healthyIntake.impairmentAt()
    const terms = { projectId, now: start, impairment, show: () => ({}) }

    expect(await testChannel(deps, id, terms)).toEqual({ refusal: 'channel-unverified' })
    expect(await deleteChannel(deps, { projectId, channelId: id, by })).toMatchObject({ id })
    expect(await testChannel(deps, id, terms)).toEqual({ refusal: 'channel-missing' })
    expect(await deleteChannel(deps, { projectId, channelId: id, by })).toEqual({
      refusal: 'channel-missing',
    })
  })
})
