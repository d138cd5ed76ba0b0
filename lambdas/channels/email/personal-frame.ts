import { html } from 'hono/html'
import { font } from './email-style.ts'

type Markup = ReturnType<typeof html>

/** A mail to one person, around what it says. */
export async function inPersonalFrame(subject: string, content: Markup): Promise<string> {
  const page = await html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${subject}</title>
      </head>
      <body style="max-width:600px;margin:16px;${font};font-size:15px;line-height:1.45">
        ${content}
      </body>
    </html>`
  return page.toString()
}

/** A link that looks like a button. */
export function mailButton(link: string, words: string): Markup {
  return html`<p>
    <a
      href="${link}"
      style="display:inline-block;padding:10px 18px;border-radius:6px;background:#0b57c2;color:#ffffff;text-decoration:none;font-weight:600"
      >${words}</a
    >
  </p>`
}
