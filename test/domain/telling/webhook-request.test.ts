import { describe, expect, it } from 'vitest'
import {
  exampleBodyOf,
  type WebhookCall,
  wantsOfCall,
  webhookRequestOf,
} from '../../../lambdas/domain/telling/webhook-request.ts'
import { aDelivery, aLoggedPing, anAlert, aWebhook } from '../../support/alerts.ts'
import { aCheck, start } from '../../support/builders.ts'

const call: WebhookCall = { method: 'POST', url: 'https://example.com/', headers: {}, body: '' }

function filledBody(body: string, check = {}, payload = {}): string {
  const alert = anAlert({ check: aCheck({ slug: 'nightly', tags: 'prod db', ...check }) })
  return webhookRequestOf(
    { ...call, body },
    aDelivery({ alert, channel: aWebhook(), payload }),
    start,
  ).body
}

describe('webhookRequestOf', () => {
  it.each([
    ['$CODE', '11111111-1111-4111-8111-111111111111'],
    ['$STATUS', 'down'],
    ['$NOW', '2026-01-01T00:00:00+00:00'],
    ['$NAME is $STATUS', 'nightly backup is down'],
    ['{"name": $NAME_JSON}', '{"name": "nightly backup"}'],
    ['$SLUG', 'nightly'],
    ['$TAGS', 'prod db'],
    ['$TAG1+$TAG2+$TAG3', 'prod+db+$TAG3'],
    ['$EXITSTATUS', '-1'],
    ['$$NAME $name $', '$nightly backup $name $'],
    ['$NAMESPACE', 'nightly backupSPACE'],
  ])('makes of %s: %s', (template, expected) => expect(filledBody(template)).toBe(expected))

  it('puts in the check and the body of the last ping', () => {
    const payload = { check: { name: 'x' }, body: 'disk "full"\n' }

    expect(filledBody('$JSON', {}, payload)).toBe('{"name":"x"}')
    expect(filledBody('$BODY|$BODY_JSON', {}, payload)).toBe('disk "full"\n|"disk \\"full\\"\\n"')
    expect(filledBody('$BODY|$BODY_JSON')).toBe('|""')
  })

  it('does not look again at what it put in', () => {
    expect(filledBody('$NAME', { name: '$STATUS $NAME $TAGS $$' })).toBe('$STATUS $NAME $TAGS $$')
    expect(filledBody('$TAG1', { tags: '$CODE' })).toBe('$CODE')
    expect(filledBody('$BODY', {}, { body: '$& $1 $NAME' })).toBe('$& $1 $NAME')
  })

  it('tells ten tags apart', () => {
    expect(filledBody('$TAG10 $TAG1', { tags: 'a b c d e f g h i j' })).toBe('j a')
  })

  it('quotes in the URL', () => {
    const alert = anAlert({ check: aCheck({ name: "a/b c&d=é'" }) })

    const { url } = webhookRequestOf(
      { ...call, url: 'https://example.com/?n=$NAME&s=$STATUS' },
      aDelivery({ alert, channel: aWebhook() }),
      start,
    )

    expect(url).toBe('https://example.com/?n=a/b%20c%26d%3D%C3%A9%27&s=down')
  })

  it('keeps headers within Latin-1 and on one line', () => {
    const alert = anAlert({ check: aCheck({ name: 'é 日\r\nX-Evil: 1 😀' }) })

    const { headers } = webhookRequestOf(
      { ...call, headers: { 'X-Name': '$NAME' } },
      aDelivery({ alert, channel: aWebhook() }),
      start,
    )

    expect(headers).toEqual({ 'X-Name': 'é &#26085; X-Evil: 1 &#128512;' })
  })

  it('leaves the body of a ping to bodies, and bodies to methods that have one', () => {
    const delivery = aDelivery({ channel: aWebhook(), payload: { body: 'secret' } })

    const request = webhookRequestOf(
      {
        method: 'GET',
        url: 'https://example.com/$BODY',
        headers: { X: '$BODY_JSON' },
        body: '$BODY',
      },
      delivery,
      start,
    )

    expect(request).toEqual({
      method: 'GET',
      url: 'https://example.com/$BODY',
      headers: { X: '$BODY_JSON' },
      body: '',
    })
  })

  it('tells the exit status of the last ping', () => {
    const alert = anAlert({ pings: [aLoggedPing({ exitStatus: 3, type: 'fail' })] })

    expect(
      webhookRequestOf(
        { ...call, body: '$EXITSTATUS' },
        aDelivery({ alert, channel: aWebhook() }),
        start,
      ).body,
    ).toBe('3')
  })
})

describe('exampleBodyOf', () => {
  it('fills in what a delivery does, tags left out, and in kind', () => {
    const names = ['CODE', 'STATUS', 'NOW', 'NAME', 'SLUG', 'TAGS', 'EXITSTATUS', 'BODY']
    const template = `{"texts": "$${names.join('|$')}", "json": [$NAME_JSON, $BODY_JSON, $JSON],
      "number": $EXITSTATUS}`

    const bodies = [exampleBodyOf({ body: template }), filledBody(template)]

    for (const body of bodies) {
      expect(body).not.toContain('$')
      expect(JSON.parse(body)).toMatchObject({
        json: [expect.any(String), expect.any(String), expect.any(Object)],
        number: expect.any(Number) as number,
      })
    }
  })
})

describe('wantsOf', () => {
  it.each([
    [{ body: '$BODY_JSON' }, { check: false, body: true }],
    [{ url: 'https://example.com/$JSON' }, { check: true, body: false }],
    [{ headers: { X: '$JSON $BODY' } }, { check: true, body: false }],
    [{ body: '$NAME_JSON' }, { check: false, body: false }],
  ])('finds what %j asks for', (fields, expected) =>
    expect(wantsOfCall({ ...call, ...fields })).toEqual(expected),
  )
})
