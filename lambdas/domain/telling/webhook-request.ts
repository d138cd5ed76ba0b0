import type { Alert, Delivery, Wants } from './alert.ts'

/** A request whose URL, header values and body may hold placeholders. */
export type WebhookCall = HttpRequest

/** A request as it is sent. */
export type HttpRequest = {
  readonly method: 'GET' | 'POST' | 'PUT'
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/**
 * The webhook request for a delivery. Placeholders are replaced once, and the values put in are not
 * searched again. Values are percent-encoded in the URL, Latin-1 in headers, and unchanged in the
 * body. `$BODY` and `$BODY_JSON` count in the body only.
 */
export function webhookRequestOf(call: WebhookCall, delivery: Delivery, now: number): HttpRequest {
  const values = valuesOf(delivery, now)
  const bodyValues = { ...values, ...bodyValuesOf(delivery) }
  const headers = Object.entries(call.headers).map(([name, value]) => [
    name,
    headerText(filled(value, values)),
  ])
  return {
    method: call.method,
    url: filled(call.url, values, urlText),
    headers: Object.fromEntries(headers) as Record<string, string>,
    body: call.method === 'GET' ? '' : filled(call.body, bodyValues),
  }
}

/**
 * Which of the costlier values a webhook asks for: the check as the API shows it, the body of the
 * last ping.
 */
export function wantsOfCall(call: WebhookCall): Wants {
  const texts = [call.url, call.body, ...Object.values(call.headers)]
  return { check: texts.some((text) => text.includes('$JSON')), body: call.body.includes('$BODY') }
}

/**
 * A body with values in it that do no harm, each of its placeholder's kind. Tags have none: where
 * one may stand, its placeholder may stand as well.
 */
export function exampleBodyOf({ body }: Pick<WebhookCall, 'body'>): string {
  return filled(body, examples)
}

const examples: Values = {
  $CODE: 'code',
  $STATUS: 'down',
  $NOW: 'now',
  $NAME: 'name',
  $NAME_JSON: '"name"',
  $SLUG: 'slug',
  $TAGS: 'tags',
  $JSON: '{"name":"name"}',
  $EXITSTATUS: '0',
  $BODY: 'body',
  $BODY_JSON: '"body"',
}

type Values = Readonly<Record<string, string>>

function valuesOf({ alert, payload }: Delivery, now: number): Values {
  const { check, flip } = alert
  const tags = tagsOf(alert)
  return {
    $CODE: check.id,
    $STATUS: flip.status,
    $NOW: `${new Date(now).toISOString().slice(0, 19)}+00:00`,
    $NAME: check.name,
    $NAME_JSON: JSON.stringify(check.name),
    $SLUG: check.slug ?? '',
    $TAGS: check.tags,
    ...Object.fromEntries(tags.map((tag, index) => [`$TAG${index + 1}`, tag])),
    $JSON: JSON.stringify(payload?.check ?? {}),
    $EXITSTATUS: (alert.pings[0]?.exitStatus ?? -1).toString(),
  }
}

function bodyValuesOf({ payload }: Delivery): Values {
  const body = payload?.body ?? ''
  return { $BODY: body, $BODY_JSON: JSON.stringify(body) }
}

function tagsOf({ check }: Alert): readonly string[] {
  return check.tags.split(/\s+/).filter((tag) => tag !== '')
}

/** The longest name counts: `$NAME_JSON` is not `$NAME` with something behind it. */
function filled(
  template: string,
  values: Values,
  escaped: (value: string) => string = (value) => value,
): string {
  const names = Object.keys(values).sort((one, other) => other.length - one.length)
  const anyName = new RegExp(names.map((name) => `\\${name}`).join('|'), 'g')
  return template.replaceAll(anyName, (name) => escaped(values[name] ?? ''))
}

/** Percent-encoded as Python's `quote` does it, which leaves slashes alone. */
function urlText(value: string): string {
  const encoded = encodeURIComponent(value.toWellFormed())
  return encoded
    .replaceAll('%2F', '/')
    .replace(/[!'()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`)
}

/**
 * Characters beyond Latin-1 become references as in XML. Line breaks become spaces, because one
 * would begin another header.
 */
function headerText(value: string): string {
  const references = value
    .toWellFormed()
    .replace(/[^\0-\u00ff]/gu, (character) => `&#${character.codePointAt(0) ?? 0};`)
  return references.replace(/[\p{Cc}]+/gu, ' ')
}
