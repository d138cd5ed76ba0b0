import { parseUuid } from '../../../lambdas/domain/wire/uuid.ts'
import type { RunSettings } from './settings.ts'

/** What a run says of its check. A slug is made into a check where `create` says so. */
export type WatchedCheck = {
  /** A UUID or a slug. */
  readonly name: string
  readonly create?: true
  /** What a check that is made by the API is to have. */
  readonly definition?: CheckDefinition
}

/** Seconds of a period, or an expression. */
export type CheckDefinition = {
  readonly schedule?: string | number
  readonly tz?: string
  readonly graceSeconds?: number
}

/** Whether these settings are all that is needed. */
export function isEnoughFor(check: WatchedCheck, settings: RunSettings): boolean {
  const hasPings = (settings.pingEndpoint ?? settings.url) !== undefined
  const hasKeys = parseUuid(check.name) !== undefined || settings.pingKey !== undefined
  const hasApi =
    check.definition === undefined || (settings.url !== undefined && settings.apiKey !== undefined)
  return hasPings && hasKeys && hasApi
}

/** The URL of a check's pings, without a slash at its end. @throws with what is missing */
export function pingUrlOf({ name }: WatchedCheck, settings: RunSettings): string {
  const endpoint = pingEndpointOf(settings)
  if (parseUuid(name) !== undefined) return `${endpoint}/${name}`
  const { pingKey } = settings
  if (pingKey === undefined)
    throw new Error('a slug needs the ping key of its project; set OVERDUE_PING_KEY')
  if (!/^[-\w]{1,100}$/.test(pingKey)) throw new Error('OVERDUE_PING_KEY is no ping key')
  return `${endpoint}/${pingKey}/${name}`
}

function pingEndpointOf({ pingEndpoint, url }: RunSettings): string {
  if (pingEndpoint !== undefined) return addressIn(pingEndpoint, 'OVERDUE_PING_ENDPOINT')
  return `${siteOf(url)}/ping`
}

/** The root of the API, with a slash at its end. @throws with what is missing */
export function apiRootOf({ url }: RunSettings): string {
  return `${siteOf(url)}/api/v3/`
}

/** The host alone may be given, or the root of the API, as to other commands. */
function siteOf(url: string | undefined): string {
  if (url === undefined)
    throw new Error('it is not known where Overdue is; set OVERDUE_URL or OVERDUE_PING_ENDPOINT')
  return addressIn(url, 'OVERDUE_URL').replace(/\/(?:api\/v[123]|ping)$/, '')
}

function addressIn(text: string, variable: string): string {
  if (!isWebAddress(text))
    throw new Error(`${variable} takes a URL such as https://overdue.example.com`)
  return text.replace(/\/+$/, '')
}

export function isWebAddress(text: string): boolean {
  const url = URL.parse(text)
  return url !== null && /^https?:$/.test(url.protocol) && url.search === '' && url.hash === ''
}
