import { durationText } from '../../../lambdas/domain/wire/duration-text.ts'
import { oneLine } from '../../../lambdas/domain/wire/plain-text.ts'
import { onlyNamed } from '../api/only-named.ts'
import type { CommandAnswer } from '../command-answer.ts'
import { noteKeeper } from '../keeper.ts'
import type { ShownWindow, WindowsApi } from './api.ts'

/** What the options say of a window, as the API has it. */
export type WindowOptions = {
  readonly name?: string
  readonly tags?: string
  readonly start?: string
  readonly schedule?: string
  readonly tz?: string
  readonly seconds?: number
}

export async function addWindowByApi(
  api: WindowsApi,
  fields: WindowOptions,
): Promise<CommandAnswer> {
  await refuseTakenName(api, fields)
  const window = await api.create(fields)
  return { text: `The ${windowInWords(window)} is made: ${timeOf(window)}.`, json: { window } }
}

export async function showWindow(api: WindowsApi, wanted: string): Promise<CommandAnswer> {
  const window = await windowNamed(api, wanted)
  return { text: `The ${windowInWords(window)} is ${timeOf(window)}.`, json: { window } }
}

type WindowEdit = {
  readonly wanted: string
  readonly fields: WindowOptions
  readonly note: (line: string) => void
}

export async function editWindowByApi(
  api: WindowsApi,
  { wanted, fields, note }: WindowEdit,
): Promise<CommandAnswer> {
  const { id } = await windowNamed(api, wanted)
  await refuseTakenName(api, fields, id)
  const window = await api.change(id, fields)
  noteKeeper(window.managed_by, note)
  return { text: `The ${windowInWords(window)} is changed: ${timeOf(window)}.`, json: { window } }
}

/** Deletes a window; unless that is meant, it only says what would go. */
export async function deleteWindowByApi(
  api: WindowsApi,
  wanted: string,
  isMeant: boolean,
): Promise<CommandAnswer> {
  const window = await windowNamed(api, wanted)
  if (!isMeant)
    throw new Error(
      `nothing is deleted yet: the ${windowInWords(window)} goes, and excuses no check any more; to delete it, add --yes`,
    )
  await api.delete(window.id)
  return { text: `The ${windowInWords(window)} is deleted.`, json: { window } }
}

/** Which of two windows of a name is meant could not be said. @throws where another has it. */
async function refuseTakenName(
  api: WindowsApi,
  { name = '' }: WindowOptions,
  ownId?: string,
): Promise<void> {
  if (name === '') return
  const other = (await api.list()).find((window) => window.name === name && window.id !== ownId)
  if (other !== undefined)
    throw new Error(
      `the ${windowInWords(other)} has this name already; change it with overdue window edit, or give another name`,
    )
}

/** @throws where there is none, or several have the name. */
async function windowNamed(api: WindowsApi, wanted: string): Promise<ShownWindow> {
  return onlyNamed(await api.list(), wanted, 'window')
}

function windowInWords({ id, name }: ShownWindow): string {
  return name === '' ? `window ${id}` : `window "${oneLine(name)}" (${id})`
}

function timeOf({ tags, seconds, next_start: next }: ShownWindow): string {
  const whom = tags === '' ? 'all checks' : `checks with the tag ${tags.split(' ').join(' or ')}`
  const when = next === null ? 'at no time any more' : `next at ${next}`
  return `for ${whom}, ${when}, ${durationText(seconds)} long`
}
