import { createHash } from 'node:crypto'
import { type BodyLengths, keptBody } from '../domain/watching/kept-body.ts'
import { typeByMail, wordsOf } from '../domain/watching/mail-rules.ts'
import { parseMailbox } from '../domain/watching/mailbox.ts'
import type { Ping, PingType } from '../domain/watching/ping.ts'
import type { Addressee } from '../domain/watching/ping-url.ts'
import { shortUserAgent } from '../domain/wire/user-agent.ts'
import type { Clock } from '../runtime/clock.ts'
import { log, nameOf, warn } from '../runtime/log.ts'
import { expiryAfter } from '../store/items/expiry.ts'
import type { Lookups } from '../store/registry/lookups.ts'
import type { Journal } from '../store/watching/journal.ts'
import type { Replays } from '../store/watching/replays.ts'
import type { InboundMail } from './mail.ts'

export type RecipientDeps = {
  readonly journal: Pick<Journal, 'putBody'>
  readonly lookups: Pick<Lookups, 'checksBehind' | 'mailRules'>
  readonly replays: Pick<Replays, 'record'>
  readonly clock: Pick<Clock, 'now'>
  /** The domain of the addresses that ping. */
  readonly domain: string
  readonly bodyLimit: number
  readonly logDays: number
}

/** Pings the check that one recipient of a mail names. A recipient that names none is logged. */
export async function pingRecipient(
  deps: RecipientDeps,
  mail: InboundMail,
  recipient: string,
): Promise<void> {
  const addressee = parseMailbox(recipient, deps.domain)
  const found =
    typeof addressee === 'string' ? { refusal: addressee } : await checkOf(deps, addressee)
  if ('refusal' in found) {
    warn('mail-refused', { mail: mail.id, reason: found.refusal })
    return
  }
  const outcome = await ping(deps, mail, {
    checkId: found.checkId,
    requestId: requestIdOf(mail, recipient),
  })
  if (outcome === 'missing')
    warn('mail-refused', { mail: mail.id, check: found.checkId, reason: 'unknown-check' })
}

async function checkOf(
  { lookups }: RecipientDeps,
  addressee: Addressee,
): Promise<{ readonly checkId: string } | { readonly refusal: string }> {
  if ('checkId' in addressee) return addressee
  const [checkId, ...others] = await lookups.checksBehind(addressee)
  if (others.length > 0) return { refusal: 'ambiguous-slug' }
  return checkId === undefined ? { refusal: 'unknown-slug' } : { checkId }
}

/**
 * The id of the request. It is the same at each delivery of the mail, and short, because the
 * heartbeat stores it.
 */
function requestIdOf({ id }: InboundMail, recipient: string): string {
  return createHash('sha256').update(`${id} ${recipient}`).digest('base64url').slice(0, 22)
}

type Target = { readonly checkId: string; readonly requestId: string }

async function ping(
  deps: RecipientDeps,
  mail: InboundMail,
  { checkId, requestId }: Target,
): Promise<'taken' | 'missing'> {
  const rules = await deps.lookups.mailRules(checkId)
  const signal = rules === undefined ? 'success' : typeByMail(rules, await mail.content())
  const stored = await deps.replays.record(
    checkId,
    pingOf(mail, { signal, requestId, ...mail.lengths }),
    { now: deps.clock.now() },
  )
  if (stored === 'missing') return 'missing'
  log('mail-taken', { mail: mail.id, check: checkId, number: stored.number, type: signal })
  await keepBody(deps, mail, { checkId, number: stored.number })
  return 'taken'
}

type MailedPing = BodyLengths & { readonly signal: PingType; readonly requestId: string }

function pingOf({ at, from }: InboundMail, said: MailedPing): Ping {
  return {
    ...said,
    at,
    scheme: 'email',
    method: '',
    address: '',
    userAgent: shortUserAgent(`Email from ${from === '' ? '<>' : from}`),
  }
}

type Place = { readonly checkId: string; readonly number: number }

/** A ping counts even when its body can't be kept. */
async function keepBody(
  { journal, bodyLimit, logDays }: RecipientDeps,
  mail: InboundMail,
  { checkId, number }: Place,
): Promise<void> {
  if (mail.raw.length === 0) return
  try {
    const body = {
      ...keptBody(mail.raw, mail.lengths),
      words: wordsOf(await mail.content(), bodyLimit),
    }
    await journal.putBody({ checkId, number, at: mail.at }, body, expiryAfter(logDays, mail.at))
  } catch (error) {
    warn('body-lost', { check: checkId, number, error: nameOf(error) })
  }
}
