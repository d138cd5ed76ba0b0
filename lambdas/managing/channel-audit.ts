import { isDeepStrictEqual } from 'node:util'
import { type Channel, formOf } from '../channels/kinds.ts'
import { ending } from '../channels/secrets.ts'
import {
  type AuditAction,
  auditChanges,
  type AuditChanges,
  type Audited,
} from '../domain/people/audit.ts'

/** What is noted of a channel that is made, changed or deleted; secrets only by their ends. */
export function auditedChannel(
  projectId: string,
  action: AuditAction,
  { before, after }: ChannelStates,
): Audited {
  const { id = '', name = '', kind = '' } = after ?? before ?? {}
  const subject = { kind: 'channel', id, name: name === '' ? kind : name } as const
  return { projectId, action, subject, changes: changesOfChannel(before, after) }
}

export type ChannelStates = { readonly before?: Channel; readonly after?: Channel }

/**
 * A secret whose visible end is the same as before is shown as changed all the same. What is empty
 * before and after is no change, however it is kept.
 */
function changesOfChannel(before?: Channel, after?: Channel): AuditChanges {
  const [was, is] = [fieldsOf(before), fieldsOf(after)]
  const shown = auditChanges(textsOf(was), textsOf(is))
  const hidden = Object.keys({ ...was, ...is }).filter(
    (field) =>
      !(field in shown) &&
      (is[field] ?? was[field])?.text !== '' &&
      !isDeepStrictEqual(was[field]?.value, is[field]?.value),
  )
  const changed = hidden.map((field): [string, readonly [string, string]] => [
    field,
    [was[field]?.text ?? '', 'another'],
  ])
  return { ...shown, ...Object.fromEntries(changed) }
}

/** A field as it is, and in words that anybody may read who may see channels. */
type Field = { readonly value: unknown; readonly text: string }
type ChannelFields = Readonly<Record<string, Field>>

function fieldsOf(channel: Channel | undefined): ChannelFields {
  if (channel === undefined) return {}
  const { given, secrets = [], leading = [] } = formOf(channel.kind)
  const own = Object.entries(given(channel)).map(([field, value]): [string, Field] => {
    const isSecret = secrets.includes(field) || leading.includes(field)
    return [field, { value, text: isSecret ? hiddenText(value) : shownText(value) }]
  })
  const { name, kind, on, managedBy = '' } = channel
  const verified =
    'verification' in channel ? { verification: plain(channel.verification.state) } : {}
  return {
    name: plain(name),
    kind: plain(kind),
    on: plain(on?.join(' ') ?? ''),
    ...Object.fromEntries(own),
    ...verified,
    managedBy: plain(managedBy),
  }
}

function plain(text: string): Field {
  return { value: text, text }
}

function textsOf(fields: ChannelFields) {
  return Object.fromEntries(Object.entries(fields).map(([field, { text }]) => [field, text]))
}

/** Of a URL its host, as the rest may be a secret; of the request of a webhook no more. */
function shownText(value: unknown): string {
  if (value === undefined || value === null) return ''
  if (typeof value === 'string') return URL.canParse(value) ? hostText(value) : value
  if (typeof value !== 'object') return JSON.stringify(value)
  const { method, url } = value as Readonly<Record<string, unknown>>
  return typeof url === 'string' ? `${String(method)} ${hostText(url)}` : JSON.stringify(value)
}

function hiddenText(value: unknown): string {
  if (typeof value !== 'string') return value === undefined || value === null ? '' : '…'
  return URL.canParse(value) ? hostText(value) : ending(value)
}

/** A placeholder may stand in a host. */
function hostText(url: string): string {
  const { protocol, host } = URL.parse(url) ?? { protocol: '', host: '' }
  return host === '' ? '…' : `${protocol}//${host}/…`
}
