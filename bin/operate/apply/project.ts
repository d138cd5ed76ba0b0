import * as z from 'zod'
import { emailKind } from '../../../lambdas/domain/telling/channel.ts'
import { inGroups } from '../../../lambdas/runtime/groups.ts'
import { type ProjectApi, requestsAtOnce, shaped } from '../api/project-api.ts'
import {
  type AnsweredChannel,
  channelAnswerShape,
  type ChannelEntry,
  entryOfChannel,
} from './channel-wire.ts'
import type { CheckEntry } from './check-entry.ts'
import {
  type AnsweredCheck,
  checkAnswerShape,
  type CheckNames,
  entryOfCheck,
} from './check-wire.ts'
import { Names } from './names.ts'
import { entryOfWindow, windowAnswerShape, type WindowEntry } from './window-wire.ts'

/** A thing of a project: a channel or a window by its name, a check by its slug. */
export type There<Entry> = {
  readonly id: string
  readonly name: string
  readonly managedBy: string | undefined
  readonly entry: Entry
}

/** What there is in a project, as files have it. */
export type ProjectState = {
  readonly channels: readonly There<ChannelEntry>[]
  readonly checks: readonly There<CheckEntry>[]
  readonly windows: readonly There<WindowEntry>[]
  readonly names: CheckNames
  /** Channels whose addresses are not verified, so that no alerts go there. */
  readonly unverified: readonly string[]
}

/** Reads a project by its API key. */
export async function readProject(api: ProjectApi): Promise<ProjectState> {
  const { channels, checks, windows } = await answersOf(api)
  const titled = channels.map((channel) => ({ ...channel, name: titleOfChannel(channel) }))
  const names = {
    channels: new Names(titled),
    checks: new Names(checks.map(({ id, slug }) => ({ id, name: slug }))),
  }
  return {
    channels: titled.map((answer) => ({ ...placed(answer), entry: entryOfChannel(answer) })),
    checks: checks.map((answer) => ({
      ...placed({ ...answer, name: answer.slug }),
      entry: entryOfCheck(answer, names),
    })),
    windows: windows.map((answer) => ({ ...placed(answer), entry: entryOfWindow(answer) })),
    names,
    unverified: titled.flatMap(({ name, verified }) => (verified === false ? name : [])),
  }
}

/** A project begins with a channel that has no name. It goes by its address. */
function titleOfChannel({ name, kind, address }: AnsweredChannel): string {
  return name === '' && kind === emailKind ? String(address) : name
}

const listedChannels = z.object({ channels: z.array(z.object({ id: z.string() })) })
const listedChecks = z.object({ checks: z.array(checkAnswerShape) })
const listedWindows = z.object({ windows: z.array(windowAnswerShape) })

/** A list of channels does not show what they are made of. */
async function answersOf(api: ProjectApi) {
  const [listed, { checks }, { windows }] = await Promise.all([
    api.ask('GET', 'channels/').then((answer) => shaped(listedChannels, answer).channels),
    api.ask('GET', 'checks/').then((answer) => shaped(listedChecks, answer)),
    api.ask('GET', 'windows/').then((answer) => shaped(listedWindows, answer)),
  ])
  const channels = await inGroups(listed, requestsAtOnce, async ({ id }) =>
    shaped(channelAnswerShape, await api.ask('GET', `channels/${id}`)),
  )
  return { channels, checks: checks.map(withId), windows }
}

function withId({ uuid: id, ...check }: AnsweredCheck & { readonly uuid: string }) {
  return { id, ...check }
}

type Answered = {
  readonly id: string
  readonly name: string
  readonly managed_by?: string | undefined
}

function placed({ id, name, managed_by: managedBy }: Answered): Omit<There<never>, 'entry'> {
  return { id, name, managedBy }
}
