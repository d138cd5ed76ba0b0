import type { SESEvent, SESMessage } from 'aws-lambda'
import { createHash } from 'node:crypto'
import { type BodyLengths, keptBody, lengthsOf } from './domain/watching/kept-body.ts'
import { type MailContent, typeByMail, wordsOf } from './domain/watching/mail-rules.ts'
import { parseMailbox } from './domain/watching/mailbox.ts'
import type { Ping, PingType } from './domain/watching/ping.ts'
import type { Addressee } from './domain/watching/ping-url.ts'
import { shortUserAgent } from './domain/wire/user-agent.ts'
import { type Clock, clock } from './runtime/clock.ts'
import { countOrNone, required, requiredCount } from './runtime/environment.ts'
import { log, nameOf, warn } from './runtime/log.ts'
import { contentOf } from './runtime/mail.ts'
import { makeDynamoClient } from './store/items/client.ts'
import { expiryAfter } from './store/items/expiry.ts'
import { Inbox, makeInboxClient } from './store/inbox.ts'
import { Journal } from './store/watching/journal.ts'
import { Lookups } from './store/registry/lookups.ts'
import { keptBytes } from './store/items/packed-body.ts'
import { Replays } from './store/watching/replays.ts'

export type InboundDeps = {
  readonly journal: Pick<Journal, 'putBody'>
  readonly lookups: Pick<Lookups, 'checksBehind' | 'mailRules'>
  readonly inbox: Pick<Inbox, 'read'>
  readonly replays: Pick<Replays, 'take'>
  readonly clock: Pick<Clock, 'now'>
  /** What comes behind the @ of addresses that ping. */
  readonly domain: string
  /** How many bytes of a mail are kept; infinity for all. */
  readonly bodyLimit: number
  readonly logDays: number
}

/**
 * Takes mails that SES received as pings, each recipient for itself. Like a ping by HTTP it never
 * reads the registry.
 */
export function makeInboundHandler(deps: InboundDeps): (event: SESEvent) => Promise<void> {
  return async ({ Records }) => {
    for (const { ses } of Records) await takeMail(deps, ses)
  }
}

type Mail = {
  readonly id: string
  readonly from: string
  readonly at: number
  readonly raw: Uint8Array
  /** How many of its bytes are kept, and of how many. */
  readonly lengths: BodyLengths
  /** Its words; read when they are first asked for, and once for all recipients. */
  readonly content: () => Promise<MailContent>
}

/**
 * @throws at the end, when a recipient failed; those that did not are not pinged again when the
 * event comes again.
 */
async function takeMail(deps: InboundDeps, message: SESMessage): Promise<void> {
  const mail = await readMail(deps, message)
  const recipients = [...new Set(message.receipt.recipients)]
  const outcomes = await Promise.all(
    recipients.map((recipient) => succeeds(mail, () => deliver(deps, mail, recipient))),
  )
  const failures = outcomes.filter((isDone) => !isDone).length
  if (failures > 0)
    throw new Error(`mail ${mail.id} failed for ${failures} of ${recipients.length} recipients`)
}

/**
 * A mail counts from when SES had it, however long it took from there; a ping of the future would
 * keep later ones from counting.
 */
async function readMail(
  { inbox, clock, bodyLimit }: InboundDeps,
  { mail: { messageId: id, source, timestamp } }: SESMessage,
): Promise<Mail> {
  const raw = await inbox.read(id)
  const receivedAt = Date.parse(timestamp)
  const now = clock.now()
  let content: Promise<MailContent> | undefined
  const lengths = lengthsOf(raw.length, keptBytes(raw, bodyLimit))
  return {
    id,
    from: source,
    at: receivedAt <= now ? receivedAt : now,
    raw,
    lengths,
    content: () => (content ??= readContent(id, raw)),
  }
}

const unreadable: MailContent = { subject: '', plain: '', html: '' }

async function readContent(id: string, raw: Uint8Array): Promise<MailContent> {
  const content = await contentOf(raw)
  if (content === undefined) warn('mail-unreadable', { mail: id, bytes: raw.length })
  return content ?? unreadable
}

async function succeeds({ id }: Mail, work: () => Promise<void>): Promise<boolean> {
  try {
    await work()
    return true
  } catch (error) {
    warn('mail-failed', { mail: id, error: nameOf(error) })
    return false
  }
}

async function deliver(deps: InboundDeps, mail: Mail, recipient: string): Promise<void> {
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
  { lookups }: InboundDeps,
  addressee: Addressee,
): Promise<{ readonly checkId: string } | { readonly refusal: string }> {
  if ('checkId' in addressee) return addressee
  const [checkId, ...others] = await lookups.checksBehind(addressee)
  if (others.length > 0) return { refusal: 'ambiguous-slug' }
  return checkId === undefined ? { refusal: 'unknown-slug' } : { checkId }
}

/** The same whenever the mail is delivered again, and short: it is stored with the heartbeat. */
function requestIdOf({ id }: Mail, recipient: string): string {
  return createHash('sha256').update(`${id} ${recipient}`).digest('base64url').slice(0, 22)
}

type Target = { readonly checkId: string; readonly requestId: string }

async function ping(
  deps: InboundDeps,
  mail: Mail,
  { checkId, requestId }: Target,
): Promise<'taken' | 'missing'> {
  const rules = await deps.lookups.mailRules(checkId)
  const signal = rules === undefined ? 'success' : typeByMail(rules, await mail.content())
  const stored = await deps.replays.take(
    checkId,
    pingOf(mail, { signal, requestId, ...mail.lengths }),
    { now: deps.clock.now() },
  )
  if (stored === 'missing') return 'missing'
  log('mail-taken', { mail: mail.id, check: checkId, number: stored.number, type: signal })
  await keepBody(deps, mail, { checkId, number: stored.number })
  return 'taken'
}

type Said = BodyLengths & { readonly signal: PingType; readonly requestId: string }

function pingOf({ at, from }: Mail, said: Said): Ping {
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
  { journal, bodyLimit, logDays }: InboundDeps,
  mail: Mail,
  { checkId, number }: Place,
): Promise<void> {
  if (mail.raw.length === 0) return
  try {
    const body = {
      ...keptBody(mail.raw, mail.lengths),
      words: wordsOf(await mail.content(), bodyLimit),
    }
    await journal.putBody(checkId, number, body, expiryAfter(logDays, mail.at))
  } catch (error) {
    warn('body-lost', { check: checkId, number, error: nameOf(error) })
  }
}

const dynamo = makeDynamoClient()

export const handler = makeInboundHandler({
  replays: new Replays(dynamo, {
    Heartbeats: required('HEARTBEATS_TABLE'),
    Journal: required('JOURNAL_TABLE'),
  }),
  journal: new Journal(dynamo, required('JOURNAL_TABLE')),
  lookups: new Lookups(dynamo, required('LOOKUPS_TABLE')),
  inbox: new Inbox(makeInboxClient(), required('INBOX_BUCKET')),
  clock,
  domain: required('PING_EMAIL_DOMAIN'),
  bodyLimit: countOrNone('PING_BODY_LIMIT'),
  logDays: requiredCount('LOG_DAYS'),
})
