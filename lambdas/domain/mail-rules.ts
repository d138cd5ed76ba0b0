import { type BodyRules, typeByText } from './body-rules.ts'
import { textOfHtml } from './html-text.ts'
import type { PingType } from './ping.ts'

/** Keyword rules on mails that ping a check, and where the keywords are looked for. */
export type MailRules = BodyRules & { readonly subject: boolean; readonly body: boolean }

/** What a mail says, decoded: its subject, its plain text, its HTML. What it lacks is empty. */
export type MailContent = { readonly subject: string; readonly plain: string; readonly html: string }

/** What a mail means by its words, with the precedence of HTTP bodies (wire contract 2.7 and 2.9). */
export function typeByMail(rules: MailRules, { subject, plain, html }: MailContent): PingType {
  const texts = [...(rules.subject ? [subject] : []), ...(rules.body ? [plain, textOfHtml(html)] : [])]
  return typeByText(rules, texts.join('\n'))
}
