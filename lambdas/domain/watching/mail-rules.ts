import { type BodyRules, typeByText } from './body-rules.ts'
import { textOfHtml } from '../wire/html-text.ts'
import { keptBody, lengthsOf, type MailWords } from './kept-body.ts'
import type { PingType } from './ping.ts'
import { shortened } from '../wire/plain-text.ts'

/** Keyword rules on mails that ping a check, and where the keywords are looked for. */
export type MailRules = BodyRules & { readonly subject: boolean; readonly body: boolean }

/** What a mail says, decoded: its subject, its plain text, its HTML. What it lacks is empty. */
export type MailContent = {
  readonly subject: string
  readonly plain: string
  readonly html: string
}

/** What a mail means by its words, with the precedence of HTTP bodies. */
export function typeByMail(rules: MailRules, { subject, plain, html }: MailContent): PingType {
  const texts = [
    ...(rules.subject ? [subject] : []),
    ...(rules.body ? [plain, textOfHtml(html)] : []),
  ]
  return typeByText(rules, texts.join('\n'))
}

const LONGEST_SUBJECT = 1000
/** Beside a body, in one item. */
const LONGEST_TEXT_BYTES = 20_000

/**
 * What people are told of a mail: its subject, and its text, or that of its HTML where it has no
 * other. @param limit of bytes
 */
export function wordsOf({ subject, plain, html }: MailContent, limit: number): MailWords {
  const text = new TextEncoder().encode(plain.trim() === '' ? textOfHtml(html) : plain)
  return {
    subject: shortened(subject, LONGEST_SUBJECT),
    text: keptBody(text, lengthsOf(text.length, Math.min(limit, LONGEST_TEXT_BYTES))),
  }
}
