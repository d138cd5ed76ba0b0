import type { Check } from '../domain/watching/check.ts'
import { publicTitleOf } from '../domain/people/disclosure.ts'
import { newCheck } from '../domain/watching/new-check.ts'
import { type CheckDeps, type CheckRequest, createCheck, editCheck } from '../managing/checks.ts'
import { wantedOf } from '../managing/fields/check-fields.ts'
import { FieldError } from '../managing/fields/field-error.ts'
import type { Registry } from '../store/registry/registry.ts'
import { knownChannels } from './channels/known-channels.ts'
import { conflictsOf } from './check-conflicts.ts'
import { entriesOf, WHOLE_FORM } from './check-entries.ts'
import { authorOf, checkIn, readerOf } from './check-in.ts'
import { parentsIn } from './check-parents.ts'
import { problemOfRefusal, type Problems, problemsOf } from './check-problems.ts'
import { checkFieldsIn } from './check-request.ts'
import { Form } from './form.ts'
import { type CheckFormModel, checkFormPage } from './pages/check-form.ts'
import { channelLabel } from './parts/channel-label.ts'
import { checkPath } from './parts/check-links.ts'
import { previewIn } from './preview.ts'
import { goTo, respond } from './respond.ts'
import { projectPath, type ProjectCall, type Route } from './route.ts'

export type CheckFormDeps = CheckDeps & {
  readonly registry: Pick<Registry, 'channels' | 'checkByUniqueKey' | 'checks' | 'someChecks'>
}

export const checkFormRoutes: readonly Route<CheckFormDeps>[] = [
  { method: 'GET', path: '/p/:project/new', needs: 'change', act: showNew },
  {
    method: 'POST',
    path: '/p/:project/new',
    needs: 'change',
    act: (deps, call) => save(deps, call),
  },
  { method: 'GET', path: '/p/:project/c/:key/edit', needs: 'change', act: showEdit },
  { method: 'POST', path: '/p/:project/c/:key/edit', needs: 'change', act: saveEdit },
]

async function showNew(deps: CheckFormDeps, call: ProjectCall): Promise<Response> {
  const copied = call.query.text('copy')
  if (copied === '') return show(deps, call, {})
  const check = await checkIn(deps, call, copied)
  const copy = { ...check, name: `${check.name} copy`.trim(), slug: '' }
  return show(deps, call, { form: await formOf(deps, copy) })
}

async function showEdit(deps: CheckFormDeps, call: ProjectCall): Promise<Response> {
  const check = await checkIn(deps, call)
  return show(deps, call, { check, form: await formOf(deps, check) })
}

async function saveEdit(deps: CheckFormDeps, call: ProjectCall): Promise<Response> {
  return save(deps, call, await checkIn(deps, call))
}

async function save(deps: CheckFormDeps, call: ProjectCall, check?: Check): Promise<Response> {
  const { form, project } = call
  const shown = { form, ...(check && { check }) }
  if (form.has('preview')) return show(deps, call, shown)
  const request = await requestIn(deps, call, check)
  if ('problems' in request) return show(deps, call, { ...shown, ...request, status: 422 })
  const version = Number(form.text('version'))
  const outcome = await (check === undefined
    ? createCheck(deps, request)
    : editCheck(deps, { checkId: check.id, version }, request))
  if (!('refusal' in outcome)) return goTo(call, checkPath(project, outcome.check))
  if (outcome.refusal === 'check-changed')
    return show(deps, call, { ...shown, now: outcome.check, status: 409 })
  const status = outcome.refusal === 'kept-by-source' ? 409 : 422
  return show(deps, call, { ...shown, problems: problemOfRefusal(outcome), status })
}

async function requestIn(
  deps: CheckFormDeps,
  call: ProjectCall,
  before: Check | undefined,
): Promise<CheckRequest | { readonly problems: Problems }> {
  const isNew = before === undefined
  try {
    const parents = await parentsIn(deps, call, before)
    const fields = checkFieldsIn(formOrDefaults(call), { isNew, parents })
    const wanted = wantedOf(fields, { isSlugDerived: isNew })
    return { projectId: call.project.id, by: authorOf(call), ...wanted }
  } catch (error) {
    if (error instanceof FieldError) return { problems: problemsOf(error.issues) }
    throw error
  }
}

type Shown = {
  readonly form?: Form
  readonly check?: Check
  readonly problems?: Problems
  /** The check as somebody else has left it. */
  readonly now?: Check
  readonly status?: 409 | 422
}

async function show(
  deps: CheckFormDeps,
  call: ProjectCall,
  { form: given, check, problems = {}, now, status }: Shown,
): Promise<Response> {
  const { project } = call
  const channels = await offeredChannels(deps, call)
  // What is sent again counts from what is there now.
  const theirs = now && (await formOf(deps, now))
  const mine = given === undefined || !given.has(WHOLE_FORM) ? firstForm(call, channels) : given
  const form = theirs === undefined ? mine : mine.with({ version: theirs.text('version') })
  const model: CheckFormModel = {
    title: check === undefined ? 'Add a check' : `Edit ${publicTitleOf({ name: check.name })}`,
    form,
    problems,
    channels,
    preview: previewIn(form, readerOf(call)),
    cancelTo: check === undefined ? projectPath(project) : checkPath(project, check),
    isNew: check === undefined,
    ...(check?.managedBy && { managedBy: check.managedBy }),
    ...(theirs && { conflicts: conflictsOf(theirs, form, channels) }),
  }
  return respond(call, checkFormPage(model), status ?? 200)
}

/** Channels that can't be read are left as they are in the check. */
async function offeredChannels(deps: CheckFormDeps, { project }: ProjectCall) {
  const { channels, unreadable } = await knownChannels(deps, project.id)
  return [
    ...channels.map((channel) => ({ id: channel.id, label: channelLabel(channel) })),
    ...unreadable.map(({ id, label }) => ({ id, label: `${label}, which can't be read` })),
  ]
}

async function formOf({ registry }: CheckFormDeps, check: Check): Promise<Form> {
  const parents = check.rules?.dependsOn ?? []
  return entriesOf(
    check,
    parents.length === 0
      ? []
      : await registry.someChecks(check.projectId, parents, () => undefined),
  )
}

/** What a new check has, with what was given of it already: it tells all channels. */
function firstForm(call: ProjectCall, channels: CheckFormModel['channels']): Form {
  const given = call.form.names().length > 0 ? call.form : call.query
  const blank = newCheck({ id: '', projectId: '', createdAt: 0, badgeKey: '' })
  const { timeZone } = readerOf(call)
  const entries = entriesOf({ ...blank, timeZone, channelIds: channels.map(({ id }) => id) })
  return entries.with(
    Object.fromEntries(
      ['name', 'schedule'].filter((name) => given.has(name)).map((name) => [name, given.raw(name)]),
    ),
  )
}

/** A form without a time zone means that of the person. */
function formOrDefaults(call: ProjectCall): Form {
  return call.form.has('tz') ? call.form : call.form.with({ tz: readerOf(call).timeZone })
}
