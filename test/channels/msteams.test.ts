import { createRequire } from 'node:module'
import { describe, expect, it } from 'vitest'
import { anAlert } from '../support/alerts.ts'
import { aCheck } from '../support/builders.ts'
import { aServiceChannel, payloadOf, textsOf, told } from '../support/services.ts'

/** As far as it is used here. Its own types are those of a browser. */
type Library = {
  readonly AdaptiveCard: new () => { parse(card: object, context: Context): void; toJSON(): object }
  readonly SerializationContext: new (version: unknown) => Context
  readonly Versions: { readonly v1_4: unknown }
}
type Context = { readonly eventCount: number; getEventAt(index: number): { message: string } }

const { AdaptiveCard, SerializationContext, Versions } = createRequire(import.meta.url)(
  'adaptivecards/dist/adaptivecards.js',
) as Library

/** What version 1.4 of the schema has to say against a card. */
function complaintsAbout(card: object): readonly string[] {
  const context = new SerializationContext(Versions.v1_4)
  new AdaptiveCard().parse(card, context)
  return Array.from({ length: context.eventCount }, (_, index) => context.getEventAt(index).message)
}

type Payload = { readonly type: string; readonly attachments: readonly Attachment[] }
type Attachment = { readonly contentType: string; readonly content: { readonly body: object[] } }

async function sent(fields: Parameters<typeof anAlert>[0]) {
  const { request } = await told(aServiceChannel('msteams'), { alert: anAlert(fields) })
  const { type, attachments } = payloadOf(request) as Payload
  const [{ contentType, content } = expect.unreachable('no attachment')] = attachments
  expect([type, attachments.length, contentType]).toEqual([
    ...['message', 1, 'application/vnd.microsoft.card.adaptive'],
  ])
  expect(complaintsAbout(content)).toEqual([])
  return { request, content }
}

describe('a message to Microsoft Teams', () => {
  it('is one card of version 1.4, in the colour of the status', async () => {
    const check = aCheck({ name: 'nightly *backup*', description: 'see\n  the runbook' })
    const { content, request } = await sent({ check, lastBody: { pingNumber: 3, tail: 'full' } })
    const up = await sent({ check, flip: { status: 'up', from: 'down', reason: '' } })

    expect(request.headers).toMatchObject({ 'Content-Type': 'application/json; charset=utf-8' })
    expect(content).toMatchObject({ type: 'AdaptiveCard', version: '1.4' })
    expect(content.body[0]).toMatchObject({
      inlines: [{ text: '🔴 DOWN | nightly *backup*', color: 'Attention' }],
    })
    expect(up.content.body[0]).toMatchObject({
      inlines: [{ text: '🟢 UP | nightly *backup*', color: 'Good' }],
    })
    expect(textsOf(content)).toContain('see\n\u00a0 the runbook')
    expect(content.body.at(-1)).toMatchObject({
      inlines: [{ text: 'full', fontType: 'Monospace' }],
    })
  })

  it('has text in runs only, where nothing is Markdown or a mention', async () => {
    const check = aCheck({ name: '[a](https://x.example) <at>All</at>', description: '# **a**' })
    const { content } = await sent({ check, lastBody: { pingNumber: 3, tail: '- _b_' } })

    expect(content).not.toHaveProperty('msteams.entities')
    for (const block of content.body) {
      expect(block).toMatchObject({ type: 'RichTextBlock' })
      expect(Object.keys(block)).toEqual(['type', 'inlines'])
    }
  })

  it('keeps within what Teams takes: the beginning of the body goes first', async () => {
    const tail = `${'😀'.repeat(100_000)} the end`
    const { request } = await sent({ lastBody: { pingNumber: 3, tail } })

    expect(Buffer.byteLength(request.body)).toBeLessThanOrEqual(28_000)
    expect(request.body).toContain('the end')
    expect(request.body).toContain('No ping came')
  })

  it.each([
    [202, '', { kind: 'sent' }],
    [
      404,
      '{"error":{"code":"WorkflowNotFound","message":"The workflow could not be found."}}',
      { kind: 'refused', reason: expect.stringContaining('WorkflowNotFound') as string },
    ],
    [
      400,
      '{"error":{"code":"WorkflowTriggerIsNotEnabled","message":"The trigger is not enabled."}}',
      { kind: 'refused', reason: expect.stringContaining('WorkflowTriggerIsNotEnabled') as string },
    ],
    [
      401,
      '{"error":{"code":"DirectApiAuthorizationRequired","message":"The request must be authen…"}}',
      { kind: 'denied', reason: expect.stringContaining('AuthorizationRequired') as string },
    ],
  ])('that is answered by %i %s is understood', async (status, body, meaning) => {
    const { outcome } = await told(aServiceChannel('msteams'), {}, { status, body })

    expect(outcome).toMatchObject(meaning)
  })
})
