import { isDeepStrictEqual } from 'node:util'
import type { WebhookCall } from '../domain/telling/webhook-request.ts'
import type { Entries, Question } from './form.ts'

/** What people are asked for who set up a webhook: one request for both, but for its URL. */
export const webhookQuestions: readonly Question[] = [
  {
    field: 'down_url',
    help: 'the URL that is called when a check goes down',
    example: 'https://example.com/hook?status=$STATUS',
    isNeeded: false,
    isSecret: false,
  },
  {
    field: 'up_url',
    help: 'the URL that is called when it is up again',
    example: 'https://example.com/hook?status=$STATUS',
    isNeeded: false,
    isSecret: false,
  },
  {
    field: 'method',
    help: 'GET, POST or PUT; POST when there is a body, else GET',
    example: 'POST',
    isNeeded: false,
    isSecret: false,
    choices: ['GET', 'POST', 'PUT'],
  },
  {
    field: 'header',
    help: 'a header, or several, each on a line',
    example: 'Authorization: Bearer 0123456789abcdef',
    isNeeded: false,
    isSecret: true,
    isLong: true,
  },
  {
    field: 'body',
    help: 'what POST and PUT send, with placeholders',
    example: '{"text": $NAME_JSON, "status": "$STATUS"}',
    isNeeded: false,
    isSecret: false,
    isLong: true,
  },
]

/** The fields of a request for a webhook, as people have entered it. */
export function webhookEntered({ down_url, up_url, method, header, body }: Entries) {
  const call = (url: string) => ({
    url,
    method: method ?? (body === undefined ? 'GET' : 'POST'),
    ...(header !== undefined && { headers: headersIn(header) }),
    ...(body !== undefined && { body }),
  })
  return {
    ...(down_url !== undefined && { down: call(down_url) }),
    ...(up_url !== undefined && { up: call(up_url) }),
  }
}

/** The other way round; undefined where its two requests differ in more than their URLs. */
export function webhookEntriesOf({
  down,
  up,
}: {
  readonly down?: WebhookCall
  readonly up?: WebhookCall
}): Entries | undefined {
  const call = down ?? up
  if (call === undefined) return {}
  if (!isDeepStrictEqual({ ...call, url: '' }, { ...(up ?? call), url: '' })) return undefined
  const header = Object.entries(call.headers).map(([name, value]) => `${name}: ${value}`)
  return {
    ...(down && { down_url: down.url }),
    ...(up && { up_url: up.url }),
    method: call.method,
    ...(header.length > 0 && { header: header.join('\n') }),
    ...(call.body !== '' && { body: call.body }),
  }
}

/** A line that is none gets no name: a refusal tells the name, and the line may be a secret. */
function headersIn(text: string): Readonly<Record<string, string>> {
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '')
  return Object.fromEntries(
    lines.map((line) => {
      const [, name = '', value = ''] = /^([^:\s]+):(.*)$/.exec(line) ?? []
      return [name, value.trim()]
    }),
  )
}
