import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Alert } from '../../lambdas/domain/telling/alert.ts'
import { answerPlayers, channelOf, formOf } from '../../lambdas/channels/kinds.ts'
import { anAlert, aProject, deadline } from '../support/alerts.ts'
import { aCheck } from '../support/builders.ts'
import {
  aServiceChannel,
  exampleFields,
  payloadOf,
  textsOf,
  told,
  serviceNames,
} from '../support/services.ts'

const down = { alert: anAlert({ check: aCheck({ name: 'nightly backup' }) }) }
const up = {
  alert: anAlert({
    flip: { status: 'up', from: 'down', reason: '', downSinceAt: deadline - 600_000 },
    check: aCheck({ name: 'nightly backup' }),
  }),
}

/** What could be markup, a mention, a break or half a character somewhere. */
const evil = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.constantFrom(
    ...['<!channel> <@U1> <https://x.example|y>', '@everyone @here <@&1>', '"},{"', '\\', '```\n'],
    ...['</b><script>x</script>', '&lt;b&gt;', '[a](https://x.example)', '*_~|>#-+', ':boom:'],
    ...[
      'a\r\nb',
      '\u0000\u001b[31m',
      '\ud800',
      '\u202e',
      '\u2028',
      '\ufffe\ufdd0\u{1ffff}',
      '😀'.repeat(50),
    ],
  ),
)
const body = fc.oneof(
  evil,
  fc.constantFrom('x'.repeat(100_000), '😀'.repeat(20_000), '&<>"`'.repeat(9000)),
)

describe.each(serviceNames())('a channel of kind %s', (kind) => {
  const form = formOf(kind)
  const arns = { topicArns: [], busArns: [] }

  it('is made of its fields, and a field that is missing is named', () => {
    for (const { field, isNeeded } of form.questions) {
      const { [field]: _, ...others } = exampleFields(kind)
      const parsed = form.request(arns).safeParse(others)

      expect([field, parsed.success]).toEqual([field, !isNeeded])
      if (isNeeded)
        expect(parsed.error?.issues[0]).toMatchObject({ path: [field], message: 'is needed' })
    }
  })

  it('is read back as it was made', () => {
    const channel = aServiceChannel(kind)

    expect(channelOf({ ...channel, ...{ pk: '', sk: '' } })).toEqual(channel)
    expect(form.given(channel)).toMatchObject(exampleFields(kind))
  })

  it('is told the name, the status and the sentence, down and up', async () => {
    for (const [delivery, status, sentence] of [
      [down, /\bDOWN\b|CRITICAL/, 'No ping came by the deadline'],
      [up, /\bUP\b|RECOVERY|resolve|close/, 'A success ping came'],
    ] as const) {
      const { outcome, request } = await told(aServiceChannel(kind), delivery)
      const said = [request.url, ...textsOf(payloadOf(request))].join('\n')

      expect(outcome).toEqual({ kind: 'sent' })
      expect(request.url).toMatch(/^https:/)
      expect(said).toMatch(status)
      expect(said).toContain('nightly backup')
      expect(said).toContain(sentence)
    }
  })

  it('is led to the page of the check, however long the rest is', async () => {
    const link = 'https://overdue.example.com/app/p/1/c/2'
    const tail = 'x'.repeat(100_000)
    const alert = anAlert({ link, lastBody: { pingNumber: 1, tail } })
    const { request } = await told(aServiceChannel(kind), { alert })
    const plain = await told(aServiceChannel(kind), down)

    expect(textsOf(payloadOf(request)).filter((text) => text.includes(link))).toHaveLength(1)
    expect(plain.request.body).not.toMatch(/Open the check|undefined/)
  })

  it('is told that a check is still down as it is told that it went down, in other words', async () => {
    const said = async (alert: Alert) => {
      const { body, ...call } = (await told(aServiceChannel(kind), { alert })).request
      return { ...call, texts: textsOf(payloadOf({ ...call, body })) }
    }
    const again = await said({ ...down.alert, telling: 2 })

    expect(again.texts.join('\n')).toMatch(/Still down after .*, told for the 3rd time/)
    expect({
      ...again,
      texts: again.texts.map((text) =>
        text.replaceAll('STILL DOWN', 'DOWN').replace(/Still down after .* time\. /, ''),
      ),
    }).toEqual(await said(down.alert))
  })

  it('is told in valid text, whatever a job and its people write', async () => {
    await fc.assert(
      fc.asyncProperty(evil, evil, evil, body, async (name, description, project, tail) => {
        const alert = anAlert({
          check: aCheck({ name: `nightly ${name}`.slice(0, 100), description, tags: name }),
          project: aProject({ name: project }),
          lastBody: { pingNumber: 1, tail },
        })
        const held = { since: deadline, reason: { kind: 'window', name } } as const
        const delivery = { alert: { ...alert, held } }
        const { outcome, request } = await told(aServiceChannel(kind), delivery)
        const texts = textsOf(payloadOf(request))

        expect(outcome).toEqual({ kind: 'sent' })
        expect(texts.join('\n')).toMatch(/nightly/)
        expect(texts.join('\n')).toMatch(/No ping came by the deadline/)
        for (const text of texts) {
          expect(text.isWellFormed()).toBe(true)
          expect(text).not.toMatch(/[^\P{Cc}\n]|\p{Bidi_Control}|\p{Noncharacter_Code_Point}/u)
        }
      }),
      { numRuns: 60 },
    )
  })

  it.each(['😀', '&', '"', '*'])(
    'is told the whole name with all fields full of %s',
    async (one) => {
      const check = aCheck({ name: one.repeat(100), tags: one.repeat(500) })
      const lastBody = { pingNumber: 1, tail: one.repeat(2000), subject: one.repeat(50_000) }
      const alert = anAlert({
        check: { ...check, description: one.repeat(4000) },
        project: aProject({ name: one.repeat(100) }),
        lastBody,
      })
      const { outcome, request } = await told(aServiceChannel(kind), { alert })
      const said = textsOf(payloadOf(request)).join('\n')

      expect(outcome).toEqual({ kind: 'sent' })
      expect(said.split(one).length).toBeGreaterThan(100)
    },
  )

  it.each([
    [{ status: 200, body: '' }, { kind: 'sent' }],
    [{ status: 400, body: 'what is this' }, { kind: 'refused' }],
    [{ status: 401, body: '' }, { kind: 'denied' }],
    [{ status: 403, body: '' }, { kind: 'denied' }],
    [{ status: 404, body: '' }, { kind: 'refused' }],
    [{ status: 410, body: '' }, { kind: 'refused' }],
    [
      { status: 429, body: '', retryAfterSeconds: 70 },
      { kind: 'postponed', seconds: 70 },
    ],
    [
      { status: 503, body: '', retryAfterSeconds: 7 },
      { kind: 'postponed', seconds: 7 },
    ],
    ['forbidden' as const, { kind: 'refused' }],
  ])('knows what the answer %j means', async (answer, meaning) => {
    expect((await told(aServiceChannel(kind), down, answer)).outcome).toMatchObject(meaning)
  })

  it.each([
    { status: 400, body: 'invalid_blocks' },
    { status: 413, body: '' },
    { status: 422, body: '{"message":"too long"}' },
    { status: 403, body: '<!DOCTYPE html><h1>Blocked</h1>' },
  ])('is told the sentence alone where the whole is refused with %j', async (refusal) => {
    const check = aCheck({ name: 'nightly backup', tags: 'tagged', description: 'DROP TABLE' })
    const alert = anAlert({ check, lastBody: { pingNumber: 1, tail: '<script>' } })
    const answers = [refusal, { status: 200, body: '' }]
    const { outcome, requests } = await told(aServiceChannel(kind), { alert }, answers)
    const said = textsOf(payloadOf(requests[1] ?? expect.unreachable())).join('\n')

    expect(outcome).toEqual({
      kind: 'sent',
      remark: expect.stringContaining(`received status code ${refusal.status}`) as string,
    })
    expect(said).toContain('nightly backup')
    expect(said).toContain('No ping came by the deadline')
    expect(said).not.toMatch(/tagged|DROP TABLE|script/)
  })

  it('takes no page of a firewall for a word on its credentials', async () => {
    const page = { status: 403, body: '\n<html>blocked' }

    expect((await told(aServiceChannel(kind), down, page)).outcome).toBeInstanceOf(Error)
  })

  it.each([
    [{ status: 429, body: '' }],
    [{ status: 500, body: '<html>nonsense' }],
    [{ status: 301, body: '' }],
    [new Error('socket hang up')],
  ])('is told again after %j', async (answer) => {
    expect((await told(aServiceChannel(kind), down, answer)).outcome).toBeInstanceOf(Error)
  })

  it('lets no secret into an error, whatever the service says', async () => {
    const channel = aServiceChannel(kind)
    const { request } = await told(channel)
    const secrets = Object.entries(channel).flatMap(([field, value]) =>
      form.secrets?.includes(field) === true ? [String(value)] : [],
    )
    expect(secrets).not.toEqual([])

    for (const answer of [
      ...[400, 401, 404, 500].map((status) => ({ status, body: secrets.join(' ') })),
      ...secrets.map((secret) => ({
        status: 500,
        body: `${'x'.repeat(90)} ${secret}`,
      })),
      new Error(`connect ${request.url} ${secrets.join(' ')}`),
    ]) {
      const { outcome } = await told(channel, down, answer)
      const text = outcome instanceof Error ? outcome.message : JSON.stringify(outcome)
      for (const secret of secrets) {
        expect(text).not.toContain(secret.slice(-5))
        expect(text).not.toContain(`x ${secret.slice(0, 5)}`)
      }
    }
  })

  it('is answered by its service alone, which takes it, down and up', async () => {
    for (const delivery of [down, up]) {
      const { request } = await told(aServiceChannel(kind), delivery)
      const answers = answerPlayers().flatMap((played) => played(request) ?? [])
      const [answer = expect.unreachable('nobody answers')] = answers

      expect(answers).toHaveLength(1)
      expect((await told(aServiceChannel(kind), delivery, answer)).outcome).toEqual({
        kind: 'sent',
      })
    }
  })
})
