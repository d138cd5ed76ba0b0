import type { SESEvent } from 'aws-lambda'
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Heartbeat } from '../../lambdas/domain/watching/heartbeat.ts'
import { type InboundDeps, makeInboundHandler } from '../../lambdas/inbound.ts'
import { Heartbeats } from '../../lambdas/store/watching/heartbeats.ts'
import { Journal } from '../../lambdas/store/watching/journal.ts'
import { Lookups } from '../../lambdas/store/registry/lookups.ts'
import { Replays } from '../../lambdas/store/watching/replays.ts'
import { aHeartbeat, aPing, start } from '../support/builders.ts'
import { makeTables, type TestEngine } from '../support/engine.ts'

const domain = 'ping.example.com'
const pingKey = 'abcdefghij0123456789kl'
const mailRules = {
  startKeywords: 'BEGIN',
  successKeywords: 'OK',
  failureKeywords: 'ERR',
  defaultFail: false,
  subject: true,
  body: true,
}

let engine: TestEngine
let heartbeats: Heartbeats
let journal: Journal
let lookups: Lookups
let deps: InboundDeps
let inbox: Map<string, Buffer>
let id: string

beforeAll(async () => {
  engine = await makeTables()
  heartbeats = new Heartbeats(engine.database, engine.names.Heartbeats)
  journal = new Journal(engine.database, engine.names.Journal)
  lookups = new Lookups(engine.database, engine.names.Lookups)
})
afterAll(() => engine.stop())
beforeEach(async () => {
  inbox = new Map()
  id = randomUUID()
  deps = {
    journal,
    lookups,
    inbox: { read: (mailId) => Promise.resolve(inbox.get(mailId) ?? expect.unreachable()) },
    replays: new Replays(engine.database, engine.names),
    clock: { now: () => start },
    domain,
    bodyLimit: 1000,
    logDays: 1,
  }
  await heartbeats.define(id, aHeartbeat())
})

type Sent = { readonly to?: readonly string[]; readonly from?: string; readonly timestamp?: string }

/** A mail as SES hands it over, and leaves it in the bucket. */
function aMail(
  raw: string | Buffer,
  { to = [id], from = 'cron@sender.example', timestamp = new Date(start).toISOString() }: Sent = {},
) {
  const messageId = randomUUID()
  inbox.set(messageId, Buffer.from(raw))
  const recipients = to.map((mailbox) => (mailbox.includes('@') ? mailbox : `${mailbox}@${domain}`))
  const ses = { mail: { messageId, source: from, timestamp }, receipt: { timestamp, recipients } }
  return { Records: [{ eventSource: 'aws:ses', eventVersion: '1.0', ses }] } as unknown as SESEvent
}

async function take(event: SESEvent, own: Partial<InboundDeps> = {}): Promise<void> {
  await makeInboundHandler({ ...deps, ...own })(event)
}

async function stored(checkId = id): Promise<Heartbeat | undefined> {
  return heartbeats.read(checkId)
}

async function bodyOf(number: number): Promise<string> {
  return Buffer.from((await journal.body({ id }, number, start))?.bytes ?? []).toString()
}

const raw = 'Subject: nightly\r\n\r\nall good\r\n'

describe('a mail to a check', () => {
  it('is a success, with its envelope sender for a user agent and the whole message for a body', async () => {
    await take(aMail(raw))

    const expected = {
      type: 'success',
      scheme: 'email',
      method: '',
      address: '',
      userAgent: 'Email from cron@sender.example',
      at: start,
    }
    expect(await stored()).toMatchObject({
      status: 'up',
      pingCount: 1,
      lastPing: { ...expected, bodyBytes: raw.length },
    })
    expect((await stored())?.lastPing).not.toHaveProperty('runId')
    expect(await bodyOf(1)).toBe(raw)
  })

  it('is kept with what it says, decoded, however long it is', async () => {
    const html =
      `<style>p { color: red }</style><p>Backup <b>f&auml;iled</b> ${'x'.repeat(2000)}</p>`.replace(
        '&auml;',
        '=E4',
      )
    const headers =
      'Subject: =?utf-8?B?T0s=?=\r\nContent-Type: text/html; charset=latin1\r\nContent-Transfer-Encoding: quoted-printable'

    await take(aMail(`${headers}\r\n\r\n${html}`))

    const words = (await journal.body({ id }, 1, start))?.words
    expect(words).toMatchObject({ subject: 'OK', text: { receivedBytes: 2015 } })
    expect(Buffer.from(words?.text.bytes ?? []).toString()).toBe(`Backup fäiled ${'x'.repeat(985)}`)
  })

  it('is not read when nobody is pinged', async () => {
    const replays = { record: () => Promise.resolve('missing' as const) }

    await take(aMail('Subject: x'), { replays, journal: { putBody: () => expect.unreachable() } })
  })

  it('names its check in upper case, too', async () => {
    await take(aMail(raw, { to: [id.toUpperCase()] }))

    expect((await stored())?.status).toBe('up')
  })

  it('is kept up to the limit, and judged by all of it', async () => {
    await lookups.define(id, { version: 1, mailRules })

    await take(aMail(`${raw}${'x'.repeat(2000)} ERR`))

    expect(await stored()).toMatchObject({ status: 'down', lastPing: { bodyBytes: 1000 } })
    expect((await bodyOf(1)).length).toBe(1000)
  })

  it('counts from when SES had it, but not from the future', async () => {
    await take(aMail(raw, { timestamp: new Date(start - 60_000).toISOString() }))
    expect((await stored())?.lastPingAt).toBe(start - 60_000)

    await take(aMail(raw, { timestamp: new Date(start + 60_000).toISOString() }))
    expect((await stored())?.lastPingAt).toBe(start)
  })

  it('pings a check that takes POST only and goes by words in HTTP bodies', async () => {
    await heartbeats.define(id, {
      ...aHeartbeat(),
      version: 2,
      methods: 'POST',
      hasBodyRules: true,
    })
    await lookups.define(id, { version: 2, bodyRules: mailRules })

    await take(aMail(raw))

    expect(await stored()).toMatchObject({ status: 'up', lastPing: { type: 'success' } })
  })

  it('is ignored by a paused check that is resumed by hand', async () => {
    await heartbeats.define(id, { ...aHeartbeat(), version: 2, manualResume: true })
    await heartbeats.pause(id, start)

    await take(aMail(raw))

    expect(await stored()).toMatchObject({ status: 'paused', lastPing: { type: 'ign' } })
  })

  it.each([
    '',
    '\0\xff\xfe',
    'no header at all',
    'Subject: =?utf-8?B?////?=\r\nContent-Type: multipart/mixed\r\n\r\n',
  ])('pings whatever it is: %j', async (odd) => {
    await lookups.define(id, { version: 1, mailRules: { ...mailRules, defaultFail: true } })

    await take(aMail(Buffer.from(odd, 'latin1')))

    expect(await stored()).toMatchObject({ status: 'down', pingCount: 1 })
  })

  it('without a sender, as bounces are, pings', async () => {
    await take(aMail(raw, { from: '' }))

    expect((await stored())?.lastPing?.userAgent).toBe('Email from <>')
  })

  it('that cannot be kept pings all the same', async () => {
    await take(aMail(raw), { journal: { putBody: () => Promise.reject(new Error('throttled')) } })

    expect((await stored())?.status).toBe('up')
  })
})

describe('a mail to a check with rules on mails', () => {
  beforeEach(() => lookups.define(id, { version: 1, mailRules }))

  it.each([
    ['OK', 'x', 'success'],
    ['x', 'OK', 'success'],
    ['OK', 'ERR', 'fail'],
    ['BEGIN', 'x', 'start'],
    ['x', 'y', 'ign'],
    ['=?utf-8?B?T0s=?=', 'x', 'success'],
  ])('with the subject %s and the text %s is a %s', async (subject, text, type) => {
    await take(aMail(`Subject: ${subject}\r\n\r\n${text}\r\n`))

    expect(await stored()).toMatchObject({ pingCount: 1, lastPing: { type } })
  })

  it('is judged by its HTML without the tags', async () => {
    await take(aMail('Subject: x\r\nContent-Type: text/html\r\n\r\n<p><b>O</b>K</p>'))

    expect((await stored())?.lastPing?.type).toBe('success')
  })
})

describe('a mail to a ping key and a slug', () => {
  it('pings the check that has it', async () => {
    await lookups.define(id, { version: 1, alias: { pingKey, slug: `job-${id}` } })

    await take(aMail(raw, { to: [`${pingKey}+job-${id}`] }))

    expect((await stored())?.status).toBe('up')
  })

  it('that several checks have, or none, pings nothing, and does not come again', async () => {
    const alias = { pingKey, slug: `job-${id}` }
    await lookups.define(id, { version: 1, alias })
    await lookups.define(randomUUID(), { version: 1, alias })

    await take(aMail(raw, { to: [`${pingKey}+job-${id}`, `${pingKey}+other-${id}`] }))

    expect((await stored())?.pingCount).toBe(0)
  })
})

describe('a mail to several', () => {
  it('pings those that are known', async () => {
    await take(aMail(raw, { to: [randomUUID(), 'postmaster', `${id}@elsewhere.example`, id] }))

    expect((await stored())?.pingCount).toBe(1)
  })

  it('pings the others when one fails, and nothing twice when it comes again, whatever came between', async () => {
    const other = randomUUID()
    await heartbeats.define(other, aHeartbeat())
    const mail = aMail(raw, { to: [other, id] })
    const failing: InboundDeps['replays'] = {
      record: (checkId, ...rest) =>
        checkId === other
          ? Promise.reject(new Error('throttled'))
          : deps.replays.record(checkId, ...rest),
    }

    await expect(take(mail, { replays: failing })).rejects.toThrow('failed for 1 of 2 recipients')
    await heartbeats.recordPing(id, aPing({ requestId: 'between' }))
    await take(mail)

    expect([(await stored())?.pingCount, (await stored(other))?.pingCount]).toEqual([2, 1])
  })

  it('pings a check once for each of its addresses', async () => {
    await lookups.define(id, { version: 1, alias: { pingKey, slug: `job-${id}` } })
    const mail = aMail(raw, { to: [id, `${pingKey}+job-${id}`, id] })

    await take(mail)
    await take(mail)

    expect((await stored())?.pingCount).toBe(2)
  })
})

describe('an event that is delivered again', () => {
  it('counts nothing, while its like is a ping of its own', async () => {
    const mail = aMail(raw)
    await take(mail)
    await take(mail)
    expect((await stored())?.pingCount).toBe(1)

    await take(aMail(raw))

    expect((await stored())?.pingCount).toBe(2)
  })

  it('counts nothing when the first was lost behind its ping, whatever came between, and keeps the body', async () => {
    const mail = aMail(raw)
    const lost: InboundDeps['replays'] = {
      record: async (...args) => (
        await deps.replays.record(...args),
        Promise.reject(new Error('timed out'))
      ),
    }

    await expect(take(mail, { replays: lost })).rejects.toThrow('failed')
    await heartbeats.recordPing(id, aPing({ at: start + 1, requestId: 'between' }))
    await take(mail)

    expect((await stored())?.pingCount).toBe(2)
    expect(await bodyOf(1)).toBe(raw)
  })

  it('comes again when its mail cannot be read', async () => {
    const failing = { read: () => Promise.reject(new Error('slow down')) }

    await expect(take(aMail(raw), { inbox: failing })).rejects.toThrow('slow down')
  })
})
