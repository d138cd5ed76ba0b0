import type { Hono } from 'hono'
import { testAllowance } from '../domain/telling/allowance.ts'
import {
  type Channel,
  type ChannelBase,
  channelLimit,
  type Suppression,
} from '../domain/telling/channel.ts'
import { log } from '../runtime/log.ts'
import { channelKinds, channelWith, shownFields } from './channel-fields.ts'
import { giveBackLink, mailLink, unverified } from './channel-verification.ts'
import type { ApiDeps, ChannelOutcome } from './deps.ts'
import { byUuid } from './check-paths.ts'
import { HttpError } from './http-error.ts'
import { secondsText } from './instants.ts'
import { type Call, serveCollection, serveResource } from './resource.ts'
import { testDelivery } from './test-delivery.ts'

export function serveChannels(app: Hono, deps: ApiDeps): void {
  serveCollection(app, deps, '/channels/', {
    GET: { needs: 'read-write', act: (call) => listChannels(deps, call) },
    POST: { needs: 'read-write', act: (call) => createChannel(deps, call) },
  })
  serveResource(app, deps, `/channels/${byUuid}`, {
    GET: { needs: 'read-write', act: (call) => getChannel(deps, call) },
    POST: { needs: 'read-write', act: (call) => updateChannel(deps, call) },
    DELETE: { needs: 'read-write', act: (call) => deleteChannel(deps, call) },
  })
  serveResource(app, deps, `/channels/${byUuid}/test`, {
    POST: { needs: 'read-write', act: (call) => testChannel(deps, call) },
  })
}

async function listChannels({ registry }: ApiDeps, { context, caller }: Call): Promise<Response> {
  const channels = await registry.channels(caller.projectId)
  return context.json({ channels: channels.map(({ id, name, kind }) => ({ id, name, kind })) })
}

/**
 * A request that names no kind can't mean what Overdue has added here: it hears what the reference
 * says to every POST.
 */
async function createChannel(deps: ApiDeps, call: Call): Promise<Response> {
  const { body, caller, viewer } = call
  if (body['kind'] === undefined)
    throw new HttpError(405, 'to create a channel, the body must name its kind')
  const kind = channelKinds.find((known) => known === body['kind'])
  if (kind === undefined)
    throw new HttpError(400, 'json validation error: kind has unexpected value')
  const base: ChannelBase & Pick<Channel, 'kind'> = {
    id: deps.random.uuid(),
    name: '',
    version: 1,
    createdAt: viewer.now,
    kind,
  }
  const wanted = channelWith(base, body, deps)
  // Two requests at the same time may exceed it by one: it is there to bound an alert, not to be
  // sold.
  const others = await deps.registry.channelNames(caller.projectId)
  if (others.length >= channelLimit)
    throw new HttpError(403, `project has ${channelLimit} channels already, its limit`)
  const asked = await unverified(deps, wanted, call)
  try {
    await deps.channels.create(caller.projectId, asked.channel)
    await mailLink(deps, call, asked)
  } catch (error) {
    // Nothing is left, so that whoever tries again has one channel.
    await deps.channels.remove(caller.projectId, base.id)
    await giveBackLink(deps, asked)
    throw error
  }
  log('channel-created', { channel: base.id, project: caller.projectId, kind })
  return answer(deps, call, { channel: asked.channel, status: 201, known: nothing })
}

async function getChannel(deps: ApiDeps, call: Call): Promise<Response> {
  return answer(deps, call, { channel: await findChannel(deps, call) })
}

async function updateChannel(deps: ApiDeps, call: Call): Promise<Response> {
  const before = await findChannel(deps, call)
  const wanted = channelWith(before, call.body, deps)
  const asked = await unverified(deps, { ...wanted, version: before.version + 1 }, call, {
    before,
    isNamed: 'address' in call.body,
  })
  try {
    if ((await deps.channels.update(call.caller.projectId, before, asked.channel)) === 'changed') {
      throw new HttpError(409, 'channel was changed at the same time, try again')
    }
    await mailLink(deps, call, asked)
  } catch (error) {
    await giveBackLink(deps, asked)
    throw error
  }
  log('channel-updated', { channel: before.id, project: call.caller.projectId, kind: before.kind })
  return answer(deps, call, { channel: asked.channel })
}

async function deleteChannel(deps: ApiDeps, call: Call): Promise<Response> {
  const channel = await findChannel(deps, call)
  await deps.channels.remove(call.caller.projectId, channel.id)
  log('channel-deleted', {
    channel: channel.id,
    project: call.caller.projectId,
    kind: channel.kind,
  })
  return answer(deps, call, { channel })
}

async function testChannel(deps: ApiDeps, call: Call): Promise<Response> {
  const channel = await findChannel(deps, call)
  const project = await deps.registry.project(call.caller.projectId)
  const delivery = testDelivery(deps, channel, { call, projectName: project?.name ?? '' })
  if (delivery === undefined) throw new HttpError(409, 'channel is not verified')
  if (
    (await deps.allowances.take(call.caller.projectId, testAllowance, call.viewer.now)) ===
    'used up'
  ) {
    throw new HttpError(
      429,
      `a project may have ${testAllowance.most} tests a minute, try again later`,
    )
  }
  await deps.notices.send([delivery])
  return answer(deps, call, { channel, status: 202 })
}

/** A channel of another project is none: nobody is told that it exists. */
async function findChannel({ channels }: ApiDeps, { context, caller }: Call): Promise<Channel> {
  const channel = await channels.read(caller.projectId, context.req.param('id') ?? '')
  if (channel === undefined) throw new HttpError(404, 'channel not found')
  return channel
}

type Shown = {
  readonly channel: Channel
  readonly status?: 200 | 201 | 202
  readonly known?: Known
}

type Known = {
  readonly outcome: ChannelOutcome | undefined
  readonly suppression: Suppression | undefined
}

/** Of a new channel. Nothing is read once it is made: what failed then would have it made twice. */
const nothing: Known = { outcome: undefined, suppression: undefined }

/** The whole configuration: who may see it may set it, too. */
async function answer(
  deps: ApiDeps,
  { context }: Call,
  { channel, status = 200, known }: Shown,
): Promise<Response> {
  const { id, name, kind } = channel
  const { outcome, suppression } = known ?? (await knownOf(deps, channel))
  const last = outcome && {
    at: secondsText(outcome.at),
    status: outcome.state,
    error: outcome.error,
  }
  return context.json(
    {
      id,
      name,
      kind,
      ...shownFields(channel),
      ...mailState(channel, suppression),
      last_delivery: last ?? null,
    },
    status,
  )
}

async function knownOf(deps: ApiDeps, channel: Channel): Promise<Known> {
  const [outcome, suppression] = await Promise.all([
    deps.deliveries.lastOutcome(channel.id),
    suppressionOf(deps, channel),
  ])
  return { outcome, suppression }
}

/**
 * Anybody may name any address. What it has done is told only where its owner has agreed to be
 * mailed.
 */
async function suppressionOf(
  { addresses }: ApiDeps,
  channel: Channel,
): Promise<Suppression | undefined> {
  const isTold = channel.kind === 'email' && channel.verification.state === 'verified'
  return isTold ? addresses.suppression(channel.address) : undefined
}

/** Whether mail goes to the address, and why not. */
function mailState(channel: Channel, suppression: Suppression | undefined) {
  if (channel.kind !== 'email') return {}
  const suppressed =
    suppression === undefined ? null : { ...suppression, at: secondsText(suppression.at) }
  return { verified: channel.verification.state === 'verified', suppressed }
}
