import { type Html, html } from '../html.ts'

/** What somebody should know before all else on a page. */
export function banner(kind: 'info' | 'warning' | 'done', words: Html | string): Html {
  return html`<p class="banner ${kind}" role="status">${words}</p>`
}
