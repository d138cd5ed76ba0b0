import type { Message } from '../domain/telling/message.ts'
import { playedAt } from './played-answer.ts'
import { secret, url } from './fields.ts'
import { fitted } from './fitting.ts'
import { indented, LINK_WORDS, marks } from './message-text.ts'
import { jsonPost } from './request.ts'
import type { ChannelService, ServiceChannel } from './service.ts'

/**
 * Webhooks of Workflows for Microsoft Teams.
 * https://support.microsoft.com/office/8ae491c7-0394-4861-ba59-055e33f75498
 */
export const kind = {
  kind: 'msteams',
  title: 'Microsoft Teams',
  isGathered: true,
  fields: () => ({
    url: secret(
      url({
        help: 'the URL of a workflow that posts when a webhook request is received',
        example:
          'https://default0123456789abcdef.01.environment.api.powerplatform.com:443/powerautomate/automations/direct/workflows/0123456789abcdef0123456789abcdef/triggers/manual/paths/invoke?api-version=1&sp=%2Ftriggers%2Fmanual%2Frun&sv=1.0&sig=abcdefghijklmnopqrstuvwxyz-ABCDEFGHIJKLMNOP',
      }),
    ),
  }),
} as const

export const service: ChannelService<ServiceChannel<typeof kind>> = {
  kind,
  request: ({ channel, message }) =>
    jsonPost(channel.url, fitted(message, payloadOf, isShort), {
      // https://learn.microsoft.com/microsoftteams/platform/task-modules-and-cards/cards/cards-format
      'Content-Type': 'application/json; charset=utf-8',
    }),
  /** Its errors WorkflowNotFound and WorkflowTriggerNotFound. */
  gone: [404],
  playedAnswer: playedAt(/\.(logic\.azure|api\.powerplatform)\.com$/, '', 202),
}

/**
 * One card of texts in which, unlike in its text blocks, nothing is Markdown.
 * https://adaptivecards.io/explorer/TextRun.html
 */
function payloadOf(message: Message) {
  const { subject, status, summary, note, facts, description, lastBody, link } = message
  const color = status === 'UP' ? 'Good' : 'Attention'
  const headline = { size: 'Large', weight: 'Bolder', color }
  const content = {
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    type: 'AdaptiveCard',
    version: '1.4',
    msteams: { width: 'Full' },
    body: [
      paragraph(run(`${marks[status]} ${subject}`, headline)),
      paragraph(run(summary)),
      ...(note === '' ? [] : [paragraph(run(note))]),
      ...(facts.length === 0 ? [] : [paragraph(...facts.flatMap(factRuns))]),
      ...(description === '' ? [] : [paragraph(run(indented(description)))]),
      ...(lastBody === undefined ? [] : [paragraph(strong(lastBody.heading)), quoted(lastBody)]),
    ],
    ...(link === undefined
      ? {}
      : { actions: [{ type: 'Action.OpenUrl', title: LINK_WORDS, url: link }] }),
  }
  const contentType = 'application/vnd.microsoft.card.adaptive'
  return { type: 'message', attachments: [{ contentType, content }] }
}

/** Teams takes some 28 KB, and counts what it makes of the card. */
const LONGEST = 20_000

function isShort(payload: ReturnType<typeof payloadOf>): boolean {
  return Buffer.byteLength(JSON.stringify(payload)) <= LONGEST
}

function factRuns({ label, value }: Message['facts'][number], index: number) {
  return [strong(`${index === 0 ? '' : '\n'}${label}: `), run(value)]
}

function quoted({ text }: NonNullable<Message['lastBody']>) {
  return paragraph(run(indented(text), { fontType: 'Monospace' }))
}

function paragraph(...inlines: readonly ReturnType<typeof run>[]) {
  return { type: 'RichTextBlock', inlines }
}

function strong(text: string) {
  return run(text, { weight: 'Bolder' })
}

function run(text: string, style: Readonly<Record<string, string>> = {}) {
  return { type: 'TextRun', text, ...style }
}
