import { slugOf } from '../../../lambdas/domain/watching/slug.ts'
import type { ProjectApi } from '../api/project-api.ts'
import type { CommandAnswer } from '../command-answer.ts'
import { noteKeeper } from '../keeper.ts'
import type { ChecksApi } from './api.ts'
import { type CheckOptions, type SentCheck, checkFieldsOf } from './fields.ts'
import { checkInWords, ownCheckNamed } from './named-check.ts'
import { shownText } from './show-check.ts'

/** Makes a check. Its slug is made of the name unless it is given, and is nobody else's. */
export async function addCheckByApi(
  api: ChecksApi,
  client: ProjectApi,
  options: CheckOptions & { readonly name: string },
): Promise<CommandAnswer> {
  const { slug = slugOf(options.name), channels = '*' } = options
  const fields = checkFieldsOf({ ...options, slug, channels })
  await refuseTakenSlug(api, fields)
  const check = await api.create(fields)
  const text = `The ${checkInWords(check)} is made.\n${await shownText(check, client)}`
  return { text, json: { check } }
}

type CheckEdit = {
  readonly wanted: string
  readonly fields: SentCheck
  readonly note: (line: string) => void
}

/** Changes what is named of a check. */
export async function editCheckByApi(
  api: ChecksApi,
  client: ProjectApi,
  { wanted, fields, note }: CheckEdit,
): Promise<CommandAnswer> {
  const { uuid } = await ownCheckNamed(api, wanted)
  await refuseTakenSlug(api, fields, uuid)
  const check = await api.change(uuid, fields)
  noteKeeper(check.managed_by, note)
  return { text: await shownText(check, client), json: { check } }
}

/** Pings by a slug that two checks have are refused. @throws where another check has it. */
async function refuseTakenSlug(
  api: ChecksApi,
  { slug }: SentCheck,
  ownUuid?: string,
): Promise<void> {
  if (typeof slug !== 'string' || slug === '') return
  const other = (await api.list({ slug })).find(
    ({ uuid }) => uuid === undefined || uuid !== ownUuid,
  )
  if (other !== undefined)
    throw new Error(
      `the ${checkInWords(other)} has this slug already; change it with overdue check edit, or give another --slug`,
    )
}

export async function pauseCheckByApi(api: ChecksApi, wanted: string): Promise<CommandAnswer> {
  const { uuid } = await ownCheckNamed(api, wanted)
  const check = await api.pause(uuid)
  const end = check.manual_resume ? 'it is resumed' : 'it is resumed, or pinged again'
  return { text: `The ${checkInWords(check)} is paused until ${end}.`, json: { check } }
}

/** One that is not paused is as it should be. */
export async function resumeCheckByApi(api: ChecksApi, wanted: string): Promise<CommandAnswer> {
  const before = await ownCheckNamed(api, wanted)
  if (before.status !== 'paused')
    return { text: `The ${checkInWords(before)} is not paused.`, json: { check: before } }
  const check = await api.resume(before.uuid)
  return { text: `The ${checkInWords(check)} is resumed.`, json: { check } }
}

/** Deletes a check; unless that is meant, it only says what would go. */
export async function deleteCheckByApi(
  api: ChecksApi,
  wanted: string,
  isMeant: boolean,
): Promise<CommandAnswer> {
  const { uuid, ...check } = await ownCheckNamed(api, wanted)
  if (!isMeant)
    throw new Error(
      `nothing is deleted yet: the ${checkInWords({ ...check, uuid })} goes with its log, and its ping URL stops working; to delete it, add --yes`,
    )
  const deleted = await api.delete(uuid)
  return { text: `The ${checkInWords(deleted)} is deleted.`, json: { check: deleted } }
}

/** For how long alerts are to wait; not any more by `off`. */
export type SnoozeTime = { readonly seconds: number } | { readonly until: string } | 'off'

export async function snoozeCheckByApi(
  api: ChecksApi,
  wanted: string,
  time: SnoozeTime,
): Promise<CommandAnswer> {
  const { uuid } = await ownCheckNamed(api, wanted)
  const check = await (time === 'off' ? api.unsnooze(uuid) : api.snooze(uuid, time))
  const { snoozed_until: until } = check
  const wait = until === undefined ? 'wait no more' : `wait until ${until}`
  return { text: `Alerts of the ${checkInWords(check)} ${wait}.`, json: { check } }
}
