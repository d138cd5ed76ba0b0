import { html } from 'hono/html'
import type { ToldStatus } from '../../domain/telling/message.ts'
import { background, font } from './email-style.ts'

/** What stands at the head of a mail: a word above its title, and a line below. */
type Head = {
  readonly subject: string
  readonly status: ToldStatus
  readonly overline: string
  readonly title: string
  readonly summary: string
}

/**
 * A mail for everything that shows HTML. Mail programs understand tables and inline styles; there
 * are no images, and no links but to the dashboard. The template escapes every value. Text has no
 * colour of its own, so that it can be read in the dark.
 */
export async function inMailFrame(
  { subject, status, overline, title, summary }: Head,
  content: ReturnType<typeof html>,
): Promise<string> {
  const page = await html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="supported-color-schemes" content="light dark" />
        <title>${subject}</title>
      </head>
      <body style="margin:0;padding:0;${font};font-size:15px;line-height:1.45">
        <table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0">
          <tr>
            <td align="center" style="padding:16px 12px">
              <table
                role="presentation"
                width="100%"
                cellpadding="0"
                cellspacing="0"
                border="0"
                style="max-width:600px;text-align:left"
              >
                <tr>
                  <td
                    style="padding:18px 20px;border-radius:8px;background:${background[status]};color:#ffffff"
                  >
                    <div style="font-size:13px;font-weight:700;letter-spacing:0.08em">
                      ${overline}
                    </div>
                    <div
                      style="margin-top:2px;font-size:22px;font-weight:600;line-height:1.25;word-break:break-word"
                    >
                      ${title}
                    </div>
                    <div style="margin-top:8px;word-break:break-word">${summary}</div>
                  </td>
                </tr>
                <tr>
                  <td style="padding:4px 4px 0">${content}</td>
                </tr>
              </table>
            </td>
          </tr>
        </table>
      </body>
    </html> `
  return page.toString()
}
