import type { Hono } from 'hono'
import type { AllowedArns } from '../channels/form.ts'
import { type Channel, isKindName } from '../channels/kinds.ts'
import { isEmail, type Suppression } from '../domain/telling/channel.ts'
import {
  changeChannel,
  type ChannelDeps,
  createChannel,
  deleteChannel,
  findChannel,
} from '../managing/channels.ts'
import type { ChannelRequest } from '../managing/links.ts'
import { renewSecret } from '../managing/signing.ts'
import { testChannel, type TestChannelDeps } from '../managing/test-channel.ts'
import type { Registry } from '../store/registry/registry.ts'
import type { ChannelOutcome } from '../domain/telling/delivery-progress.ts'
import type { Deliveries } from '../store/telling/deliveries.ts'
import {
  channelWith,
  parseTest,
  secretField,
  shownFields,
} from '../managing/fields/channel-fields.ts'
import { checkAnswer } from '../managing/shown/check-answer.ts'
import { byUuid } from './check-paths.ts'
import { HttpError } from './http-error.ts'
import { secondsText } from '../managing/shown/instants.ts'
import { accepted } from './refusals.ts'
import { type AccessDeps, type Call, serveCollection, serveResource } from './resource.ts'

export type ChannelsDeps = AccessDeps &
  ChannelDeps &
  TestChannelDeps &
  AllowedArns & {
    readonly registry: Pick<Registry, 'channels'>
    readonly deliveries: Pick<Deliveries, 'lastOutcome'>
  }

export function serveChannels(app: Hono, deps: ChannelsDeps): void {
  serveCollection(app, deps, '/channels/', {
    GET: { needs: 'read-write', act: (call) => listChannels(deps, call) },
    POST: { needs: 'read-write', act: (call) => postChannels(deps, call) },
  })
  serveResource(app, deps, `/channels/${byUuid}`, {
    GET: { needs: 'read-write', act: (call) => getChannel(deps, call) },
    POST: { needs: 'read-write', act: (call) => postChannel(deps, call) },
    DELETE: { needs: 'read-write', act: (call) => removeChannel(deps, call) },
  })
  serveResource(app, deps, `/channels/${byUuid}/test`, {
    POST: { needs: 'read-write', act: (call) => postTest(deps, call) },
  })
  serveResource(app, deps, `/channels/${byUuid}/secret`, {
    POST: { needs: 'read-write', act: (call) => postSecret(deps, call) },
  })
}

async function listChannels(
  { registry }: ChannelsDeps,
  { context, caller }: Call,
): Promise<Response> {
  const channels = await registry.channels(caller.projectId)
  return context.json({ channels: channels.map(({ id, name, kind }) => ({ id, name, kind })) })
}

/**
 * A request that names no kind can't mean what Overdue has added here: it hears what the reference
 * says to every POST.
 */
async function postChannels(deps: ChannelsDeps, call: Call): Promise<Response> {
  const { body, viewer } = call
  const { kind } = body
  if (kind === undefined)
    throw new HttpError(405, 'to create a channel, the body must name its kind')
  if (!isKindName(kind))
    throw new HttpError(400, 'json validation error: kind has unexpected value')
  const id = deps.random.uuid()
  const base = { id, name: '', version: 1, createdAt: viewer.now, kind }
  const outcome = await createChannel(deps, channelWith(base, body, deps), requestOf(call))
  return answer(deps, call, {
    channel: accepted(outcome),
    status: 201,
    known: nothing,
    isSecretNew: true,
  })
}

async function getChannel(deps: ChannelsDeps, call: Call): Promise<Response> {
  return answer(deps, call, { channel: await channelOf(deps, call) })
}

async function postChannel(deps: ChannelsDeps, call: Call): Promise<Response> {
  const before = await channelOf(deps, call)
  const wanted = channelWith(before, call.body, deps)
  const change = { before, wanted, isAddressNamed: 'address' in call.body }
  const outcome = await changeChannel(deps, change, requestOf(call))
  return answer(deps, call, { channel: accepted(outcome) })
}

async function removeChannel(deps: ChannelsDeps, call: Call): Promise<Response> {
  const outcome = await deleteChannel(deps, {
    projectId: call.caller.projectId,
    channelId: idOf(call),
    by: call.by,
  })
  return answer(deps, call, { channel: accepted(outcome) })
}

async function postTest(deps: ChannelsDeps, call: Call): Promise<Response> {
  const { now, impairment } = call.viewer
  const { status } = parseTest(call.body)
  const outcome = await testChannel(deps, idOf(call), {
    projectId: call.caller.projectId,
    now,
    impairment,
    ...(status && { status }),
    show: (check, heartbeat) => checkAnswer(check, heartbeat, call.viewer),
  })
  return answer(deps, call, { channel: accepted(outcome), status: 202 })
}

/** What there is to read is read before: a failure would leave a secret that nobody has seen. */
async function postSecret(deps: ChannelsDeps, call: Call): Promise<Response> {
  const before = await channelOf(deps, call)
  const known = await knownOf(deps, before)
  const outcome = await renewSecret(deps, before, requestOf(call))
  return answer(deps, call, { channel: accepted(outcome), known, isSecretNew: true })
}

async function channelOf(deps: ChannelsDeps, call: Call): Promise<Channel> {
  return accepted(await findChannel(deps, call.caller.projectId, idOf(call)))
}

function idOf({ context }: Call): string {
  return context.req.param('id') ?? ''
}

/** The link in a mail leads to where the request came in. */
function requestOf({ caller: { projectId }, by, viewer: { now, site } }: Call): ChannelRequest {
  const linkOf = (channelId: string, token: string) =>
    `${site.root}/api/v3/verify/${projectId}/${channelId}/${token}`
  return { projectId, now, by, linkOf }
}

type Shown = {
  readonly channel: Channel
  readonly status?: 200 | 201 | 202
  readonly known?: Known
  /** Only then is the secret shown by which requests are signed. */
  readonly isSecretNew?: true
}

type Known = {
  readonly outcome: ChannelOutcome | undefined
  readonly suppression: Suppression | undefined
}

/** Of a new channel. Nothing is read once it is made: what failed then would have it made twice. */
const nothing: Known = { outcome: undefined, suppression: undefined }

/** The whole configuration: who may see it may set it, too. */
async function answer(
  deps: ChannelsDeps,
  { context }: Call,
  { channel, status = 200, known, isSecretNew }: Shown,
): Promise<Response> {
  const { id, name, kind } = channel
  const { outcome, suppression } = known ?? (await knownOf(deps, channel))
  const last = outcome && {
    at: secondsText(outcome.at),
    status: outcome.state,
    error: outcome.error || null,
  }
  return context.json(
    {
      id,
      name,
      kind,
      ...shownFields(channel),
      ...(isSecretNew && secretField(channel)),
      ...mailState(channel, suppression),
      last_delivery: last ?? null,
    },
    status,
  )
}

async function knownOf(deps: ChannelsDeps, channel: Channel): Promise<Known> {
  const [outcome, suppression] = await Promise.all([
    deps.deliveries.lastOutcome(channel.id),
    suppressionOf(deps, channel),
  ])
  return { outcome, suppression }
}

/**
 * Why a channel's address gets no mail. Only a verified address shows it: anybody may name any
 * address.
 */
async function suppressionOf(
  { addresses }: ChannelsDeps,
  channel: Channel,
): Promise<Suppression | undefined> {
  return isEmail(channel) && channel.verification.state === 'verified'
    ? addresses.suppression(channel.address)
    : undefined
}

/** Whether mail goes to the address, and why not. */
function mailState(channel: Channel, suppression: Suppression | undefined) {
  if (!isEmail(channel)) return {}
  const suppressed =
    suppression === undefined ? null : { ...suppression, at: secondsText(suppression.at) }
  return { verified: channel.verification.state === 'verified', suppressed }
}
