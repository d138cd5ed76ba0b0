import { type Html, html } from '../html.ts'
import { banner } from '../parts/notice.ts'
import { type Choice, selectField } from '../parts/field.ts'
import type { WebPage } from '../parts/frame.ts'

export type ShownBadge = { readonly label: string; readonly url: string }

type Badges = {
  readonly of: string
  readonly showsLate: boolean
  /** Undefined when the check or tag that was asked for is not there. */
  readonly badge: ShownBadge | undefined
  readonly choices: readonly Choice[]
}

export function badgesPage({ of, showsLate, badge, choices }: Badges): WebPage {
  const states = [
    { value: '2', label: 'up or down' },
    { value: '3', label: 'up, late or down' },
  ]
  return {
    title: 'Badges',
    section: 'Badges',
    content: html`<div class="head"><h1>Badges</h1></div>
      <p class="soft">
        A badge says how a check or some of them are. Whoever has its address sees it, and nothing
        else.
      </p>
      <form method="get" class="card">
        ${selectField({ name: 'of', label: 'Of', value: of, choices })}
        ${selectField({ name: 'states', label: 'Shows', value: showsLate ? '3' : '2', choices: states })}
        <button>Show</button>
      </form>
      ${badge === undefined ? banner('warning', 'There is no such check or tag any more.') : shown(badge)}`,
  }
}

function shown({ label, url }: ShownBadge): Html {
  const alt = label.replace(/[[\]\\\n]/g, ' ')
  const texts = [
    ['Address', url],
    ['Markdown', `![${alt}](${url})`],
    ['HTML', `<img src="${url}" alt="${alt.replace(/[&"<>]/g, ' ')}">`],
  ] as const
  return html`<section class="card">
    <h2>${label}</h2>
    <p><img src="${url}" alt="How it is now" /></p>
    ${texts.map(
      ([name, text]) =>
        html`<h3>${name}</h3>
          <pre id="badge-${name.toLowerCase()}">${text}</pre>
          <p>
            <button type="button" data-copy="badge-${name.toLowerCase()}" hidden>Copy</button>
          </p>`,
    )}
  </section>`
}
