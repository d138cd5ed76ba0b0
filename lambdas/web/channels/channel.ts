import type { Channel } from '../../channels/kinds.ts'
import { isEmail } from '../../domain/telling/channel.ts'
import type { Check } from '../../domain/watching/check.ts'
import { changeChannel, deleteChannel } from '../../managing/channels.ts'
import { channelWith, secretField } from '../../managing/fields/channel-fields.ts'
import { FieldError } from '../../managing/fields/field-error.ts'
import { checkAnswer } from '../../managing/shown/check-answer.ts'
import { renewSecret } from '../../managing/signing.ts'
import { testChannel } from '../../managing/test-channel.ts'
import { authorOf, readerOf } from '../check-in.ts'
import { type Problems, WHOLE } from '../check-problems.ts'
import type { Form } from '../form.ts'
import { channelPage, channelState, type ChannelTold } from '../pages/channels/channel.ts'
import { channelDeletionPage } from '../pages/channels/channel-deletion.ts'
import { channelPath } from '../parts/channel-test.ts'
import { NotHere, Refused } from '../refused.ts'
import { goTo, respond, respondPart } from '../respond.ts'
import { projectPath, type ProjectCall, type Route } from '../route.ts'
import {
  channelConflicts,
  channelFieldsIn,
  channelProblems,
  firstChannelForm,
  unlessWrong,
} from './channel-form.ts'
import { channelRefusalWords } from './channel-refusals.ts'
import {
  channelIn,
  channelRequestOf,
  type ChannelHealth,
  type ChannelPagesDeps,
  healthOf,
  toldBy,
} from './one-channel.ts'

const path = '/p/:project/channels/:channel'

/** One channel. Who may change it may see it: its page is its form. */
export const channelRoutes: readonly Route<ChannelPagesDeps>[] = [
  { method: 'GET', path, needs: 'change', act: show },
  { method: 'POST', path, needs: 'change', act: save },
  { method: 'GET', path: `${path}/live`, needs: 'change', act: showHealth },
  { method: 'POST', path: `${path}/test`, needs: 'change', act: test },
  { method: 'POST', path: `${path}/link`, needs: 'change', act: mailAgain },
  { method: 'POST', path: `${path}/secret`, needs: 'change', isFresh: true, act: renew },
  { method: 'GET', path: `${path}/delete`, needs: 'change', act: askWhetherToDelete },
  { method: 'POST', path: `${path}/delete`, needs: 'change', act: remove },
]

type Shown = {
  readonly channel: Channel
  /** What there is to say of what was just done. */
  readonly told?: ChannelTold
  readonly form?: Form
  readonly problems?: Problems
  /** What was read before something was done that nothing may fail behind. */
  readonly known?: KnownOfChannel
  readonly status?: 409 | 422 | 429
}

type KnownOfChannel = { readonly health: ChannelHealth; readonly checks: readonly Check[] }

/** The page of a channel. */
export async function respondChannel(
  deps: ChannelPagesDeps,
  call: ProjectCall,
  { channel, told = {}, problems = {}, status, ...shown }: Shown,
): Promise<Response> {
  const { health, checks } = shown.known ?? (await knownOf(deps, call, channel))
  const page = channelPage({
    project: call.project,
    health: { ...health, channel },
    checks,
    form: shown.form ?? firstChannelForm(channel),
    problems,
    told,
    reader: readerOf(call),
  })
  return respond(call, page, status ?? 200)
}

async function knownOf(
  deps: ChannelPagesDeps,
  { project, now }: ProjectCall,
  channel: Channel,
): Promise<KnownOfChannel> {
  const [health, checks] = await Promise.all([
    healthOf(deps, channel),
    deps.listed.definitions(project.id, now),
  ])
  return { health, checks: toldBy(checks, channel.id) }
}

async function show(deps: ChannelPagesDeps, call: ProjectCall): Promise<Response> {
  return respondChannel(deps, call, { channel: await channelIn(deps, call), told: toldIn(call) })
}

/** After that, what came of a test is what came of the last delivery. */
const TEST_IS_NEWS_MS = 3_600_000

/** What an address says was just done. */
function toldIn({ query, now }: ProjectCall): ChannelTold {
  const testedAt = Number(/^\d{1,15}$/.exec(query.text('tested'))?.[0] ?? Number.NaN)
  return {
    ...(now - testedAt < TEST_IS_NEWS_MS ? { testedAt } : {}),
    ...(query.has('made') ? { done: 'made' as const } : {}),
    ...(query.has('saved') ? { done: 'saved' as const } : {}),
    ...(query.has('mailed') ? { done: 'mailed' as const } : {}),
  }
}

async function showHealth(deps: ChannelPagesDeps, call: ProjectCall): Promise<Response> {
  const { project, context, now } = call
  const health = await healthOf(deps, await channelIn(deps, call))
  context.header('X-As-Of', new Date(now).toISOString())
  return respondPart(
    call,
    channelState({ project, health, told: toldIn(call), reader: readerOf(call) }),
  )
}

async function save(deps: ChannelPagesDeps, call: ProjectCall): Promise<Response> {
  const { form, project } = call
  const channel = await channelIn(deps, call)
  if (Number(form.text('version')) !== channel.version) return showTheirs(deps, call, channel)
  const refuse = (problems: Problems) =>
    respondChannel(deps, call, { channel, form, problems, status: 422 })
  const filled = channelFieldsIn(form, channel.kind, channel)
  if ('problems' in filled) return refuse(filled.problems)
  const wanted = unlessWrong(() => channelWith(channel, filled.fields, deps))
  if (wanted instanceof FieldError) return refuse(channelProblems(channel.kind, wanted.issues))
  // The same address as before is not named again: that is what asks for another link.
  const change = { before: channel, wanted, isAddressNamed: false }
  const saved = await changeChannel(deps, change, channelRequestOf(deps, call))
  if (!('refusal' in saved)) return goTo(call, `${channelPath(project, channel)}?saved`)
  return saved.refusal === 'channel-changed'
    ? showTheirs(deps, call, await channelIn(deps, call))
    : refuse({ [WHOLE]: channelRefusalWords(saved.refusal) })
}

/** What is sent again counts from what is there now. */
function showTheirs(deps: ChannelPagesDeps, call: ProjectCall, channel: Channel) {
  const form = call.form.with({ version: String(channel.version) })
  const told = { conflicts: channelConflicts(channel, form) }
  return respondChannel(deps, call, { channel, form, told, status: 409 })
}

async function test(deps: ChannelPagesDeps, call: ProjectCall): Promise<Response> {
  const { project, form, now } = call
  const channel = await channelIn(deps, call)
  const impairment = await deps.intake.impairmentAt(now)
  const status = (['down', 'up'] as const).find((each) => each === form.text('status'))
  const { apiRoot: root, pingEndpoint } = deps
  const site = { root, version: 3, pingEndpoint } as const
  const viewer = { site, access: 'read-write', now, impairment } as const
  const outcome = await testChannel(deps, channel.id, {
    projectId: project.id,
    now,
    impairment,
    ...(status && { status }),
    show: (check, heartbeat) => checkAnswer(check, heartbeat, viewer),
  })
  if (!('refusal' in outcome)) return goTo(call, `${channelPath(project, channel)}?tested=${now}`)
  if (outcome.refusal === 'channel-missing') throw new NotHere()
  return respondChannel(deps, call, {
    channel,
    told: { warning: channelRefusalWords(outcome.refusal) },
    status: outcome.refusal === 'tests-used-up' ? 429 : 409,
  })
}

/** Names the address again, which asks for a link unless mail gets there already. */
async function mailAgain(deps: ChannelPagesDeps, call: ProjectCall): Promise<Response> {
  const { project } = call
  const channel = await channelIn(deps, call)
  if (!isEmail(channel)) throw new NotHere()
  const { suppression } = await healthOf(deps, channel)
  if (channel.verification.state === 'verified' && suppression === undefined)
    return goTo(call, channelPath(project, channel))
  const change = { before: channel, wanted: channel, isAddressNamed: true }
  const outcome = await changeChannel(deps, change, channelRequestOf(deps, call))
  if (!('refusal' in outcome)) return goTo(call, `${channelPath(project, channel)}?mailed`)
  const warning = channelRefusalWords(outcome.refusal)
  const status = outcome.refusal === 'channel-changed' ? 409 : 429
  return respondChannel(deps, call, { channel, told: { warning }, status })
}

/** What there is to read is read before: a failure would leave a secret that nobody has seen. */
async function renew(deps: ChannelPagesDeps, call: ProjectCall): Promise<Response> {
  const { project, now } = call
  const channel = await channelIn(deps, call)
  const known = await knownOf(deps, call, channel)
  const by = authorOf(call)
  const renewed = await renewSecret(deps, channel, { projectId: project.id, now, by })
  if ('refusal' in renewed) {
    if (renewed.refusal === 'never-signed') throw new NotHere()
    const warning = channelRefusalWords(renewed.refusal)
    return respondChannel(deps, call, { channel, told: { warning }, status: 409 })
  }
  const { signing_secret: secret = '' } = secretField(renewed)
  return respondChannel(deps, call, { channel: renewed, known, told: { secret } })
}

async function askWhetherToDelete(deps: ChannelPagesDeps, call: ProjectCall): Promise<Response> {
  const { project, now } = call
  const channel = await channelIn(deps, call)
  const checks = toldBy(await deps.listed.definitions(project.id, now), channel.id)
  return respond(call, channelDeletionPage({ project, channel, checks }))
}

async function remove(deps: ChannelPagesDeps, call: ProjectCall): Promise<Response> {
  const { id: channelId } = await channelIn(deps, call)
  const by = authorOf(call)
  const outcome = await deleteChannel(deps, { projectId: call.project.id, channelId, by })
  if ('refusal' in outcome) throw new Refused(409, 'The channel is gone already.')
  return goTo(call, projectPath(call.project, 'channels'))
}
