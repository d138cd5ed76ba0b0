import { runCommand } from '../../bin/operate/command.ts'

/** A deployment to be tried, on AWS or on this machine. */
export type World = {
  /** How the operator's command is told which deployment is meant. */
  readonly target: readonly string[]
  /** Seconds go by: really, or by the clock of the local stack. */
  readonly wait: (seconds: number) => Promise<void>
  /** Runs the drill, and tells its report. */
  readonly drill: () => Promise<unknown>
  /** Whether it can be reached from AWS, as a webhook has to. */
  readonly isPublic: boolean
  /** What the settings have added. */
  readonly extras: Extras
}

export type Extras = {
  readonly domain?: string
  /** Where the API begins by the name that AWS gave it. */
  readonly apiOwnRoot?: string
  /** Sends a mail, to what comes before the @ of the domain whose mail pings. */
  readonly mail?: (mailbox: string) => Promise<void>
}

/** A project of the deployment, by its keys. */
export type Tried = {
  readonly apiKey: string
  readonly pingEndpoint: string
  readonly apiRoot: string
}
export type TriedCheck = {
  readonly uuid: string
  readonly ping_url: string
  readonly n_pings: number
}
export type TriedChannel = {
  readonly id: string
  readonly last_delivery: { readonly status: string } | null
  readonly suppressed?: { readonly reason: string } | null
}

/** @throws when the operator's command fails. */
export async function makeProject({ target }: World, email: string): Promise<Tried> {
  let [answered, told] = ['', '']
  const terminal = {
    answer: (text: string | Uint8Array) => (answered += String(text)),
    note: (text: string) => (told += text),
  }
  const status = await runCommand(
    ['project', 'create', '--name', 'Smoke', '--email', email, '--json', ...target],
    terminal,
  )
  if (status !== 0) throw new Error(`overdue project create ended with ${status}: ${told}`)
  return JSON.parse(answered) as Tried
}

/** Asks the API of a project. @throws when it refuses */
export async function ask<T>({ apiKey, apiRoot }: Tried, path: string, json?: object): Promise<T> {
  const body = json === undefined ? {} : { method: 'POST', body: JSON.stringify(json) }
  const response = await fetch(`${apiRoot}/${path}`, { headers: { 'X-Api-Key': apiKey }, ...body })
  if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`)
  return (await response.json()) as T
}

export function makeCheck(project: Tried, fields: object = {}): Promise<TriedCheck> {
  return ask(project, 'checks/', { name: 'smoke', channels: '*', ...fields })
}

export async function channelOf(project: Tried, id?: string): Promise<TriedChannel> {
  const { channels } = await ask<{ readonly channels: readonly TriedChannel[] }>(
    project,
    'channels/',
  )
  return ask(project, `channels/${id ?? channels[0]?.id ?? ''}`)
}

const POLL_SECONDS = 2

/** Seconds until something is so; undefined when it is not within the time. */
export async function secondsUntil(
  world: World,
  longest: number,
  isSo: () => Promise<boolean>,
): Promise<number | undefined> {
  for (let seconds = 0; seconds <= longest; seconds += POLL_SECONDS) {
    if (await isSo()) return seconds
    await world.wait(POLL_SECONDS)
  }
  return undefined
}
