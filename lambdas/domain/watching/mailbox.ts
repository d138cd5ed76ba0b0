import type { Addressee } from './ping-url.ts'
import { parseUuid } from '../wire/uuid.ts'

const ALIAS = /^([-\w]{22})\+([-a-z0-9_]{1,100})$/

/**
 * Why an address pings nothing: it is of another domain, or its mailbox can't be that of a check.
 */
export type Unpingable = 'other-domain' | 'invalid-mailbox'

/**
 * Which check a mail address names: `<uuid>@<domain>` or `<ping key>+<slug>@<domain>` (wire
 * contract 2.9; a UUID is of any version, as it is by HTTP). Domains and UUIDs are the same in
 * either case; ping keys and slugs are not.
 */
export function parseMailbox(address: string, domain: string): Addressee | Unpingable {
  const at = address.lastIndexOf('@')
  if (at < 0 || address.slice(at + 1).toLowerCase() !== domain.toLowerCase()) return 'other-domain'
  const mailbox = address.slice(0, at)
  const checkId = parseUuid(mailbox)
  if (checkId !== undefined) return { checkId }
  const [, pingKey, slug] = ALIAS.exec(mailbox) ?? []
  return pingKey === undefined || slug === undefined ? 'invalid-mailbox' : { pingKey, slug }
}
