import { isKindName } from '../../channels/kinds.ts'
import { may } from '../../domain/people/role.ts'
import { createChannel } from '../../managing/channels.ts'
import { channelWith, secretField } from '../../managing/fields/channel-fields.ts'
import { FieldError } from '../../managing/fields/field-error.ts'
import { readerOf } from '../check-in.ts'
import { type Problems, WHOLE } from '../check-problems.ts'
import type { Form } from '../form.ts'
import { channelsPage } from '../pages/channels/channels.ts'
import { kindsPage, newChannelPage } from '../pages/channels/new-channel.ts'
import { NotHere } from '../refused.ts'
import { goTo, respond } from '../respond.ts'
import { projectPath, type ProjectCall, type Route } from '../route.ts'
import { channelFieldsIn, channelProblems, firstChannelForm, unlessWrong } from './channel-form.ts'
import { respondChannel } from './channel.ts'
import { channelRefusalWords } from './channel-refusals.ts'
import { knownChannels } from './known-channels.ts'
import { type ChannelPagesDeps, channelRequestOf, healthOf, toldBy } from './one-channel.ts'

const path = '/p/:project/channels'

export const channelsRoutes: readonly Route<ChannelPagesDeps>[] = [
  { method: 'GET', path, needs: 'see', act: showChannels },
  { method: 'GET', path: `${path}/new`, needs: 'change', act: askNew },
  { method: 'POST', path: `${path}/new`, needs: 'change', act: addChannel },
]

/** How channels do is read for those only who may see where they lead: two reads a channel. */
async function showChannels(deps: ChannelPagesDeps, call: ProjectCall): Promise<Response> {
  const { project, role, now } = call
  const seesAddresses = may(role, 'see-secrets')
  const [{ channels, unreadable }, checks] = await Promise.all([
    knownChannels(deps, project.id),
    deps.listed.definitions(project.id, now),
  ])
  const listed = await Promise.all(
    channels.map(async (channel) => {
      const nothing = { channel, last: undefined, suppression: undefined }
      const health = seesAddresses ? await healthOf(deps, channel) : nothing
      return { ...health, checkCount: toldBy(checks, channel.id).length }
    }),
  )
  return respond(call, channelsPage({ project, role, listed, unreadable, reader: readerOf(call) }))
}

function askNew(_: ChannelPagesDeps, call: ProjectCall): Promise<Response> {
  const { project, query } = call
  if (!query.has('kind')) return Promise.resolve(respond(call, kindsPage(project)))
  return Promise.resolve(showNew(call, kindIn(query), { form: firstChannelForm(), problems: {} }))
}

function kindIn(form: Form) {
  const kind = form.text('kind')
  if (!isKindName(kind)) throw new NotHere()
  return kind
}

type Filled = { readonly form: Form; readonly problems: Problems }

function showNew(call: ProjectCall, kind: ReturnType<typeof kindIn>, filled: Filled): Response {
  const status = Object.keys(filled.problems).length > 0 ? 422 : 200
  return respond(call, newChannelPage({ project: call.project, kind, ...filled }), status)
}

async function addChannel(deps: ChannelPagesDeps, call: ProjectCall): Promise<Response> {
  const { form, now, project } = call
  const kind = kindIn(form)
  const refuse = (problems: Problems) => showNew(call, kind, { form, problems })
  const filled = channelFieldsIn(form, kind)
  if ('problems' in filled) return refuse(filled.problems)
  const base = { id: deps.random.uuid(), name: '', version: 1, createdAt: now, kind }
  const wanted = unlessWrong(() => channelWith(base, filled.fields, deps))
  if (wanted instanceof FieldError) return refuse(channelProblems(kind, wanted.issues))
  const made = await createChannel(deps, wanted, channelRequestOf(deps, call))
  if ('refusal' in made) return refuse({ [WHOLE]: channelRefusalWords(made.refusal) })
  const { signing_secret: secret } = secretField(made)
  // The answer holds the secret, so it is the page itself, and nothing more is read for it.
  const health = { channel: made, last: undefined, suppression: undefined }
  if (secret !== undefined)
    return respondChannel(deps, call, {
      channel: made,
      told: { secret, done: 'made' },
      known: { health, checks: [] },
    })
  return goTo(call, `${projectPath(project, 'channels')}/${made.id}?made`)
}
