import type { Project } from '../../domain/people/project.ts'
import type { Check } from '../../domain/watching/check.ts'
import { cutInWords, type KeptBody } from '../../domain/watching/kept-body.ts'
import { isMail, type LoggedPing } from '../../domain/watching/ping.ts'
import { bodyText } from '../../domain/wire/body-text.ts'
import { block, oneLine } from '../../domain/wire/plain-text.ts'
import { instantInWords } from '../../domain/wire/words.ts'
import { type Html, html } from '../html.ts'
import { checkCrumbs, checkPath } from '../parts/check-links.ts'
import type { WebPage } from '../parts/frame.ts'
import type { Reader } from '../parts/time.ts'
import { signalMark } from './check-log.ts'

type SeenPing = {
  readonly project: Project
  readonly check: Check
  readonly ping: LoggedPing
  readonly body: KeptBody | undefined
  readonly reader: Reader
}

/** One ping with its body, as text: characters that would reorder or hide it are replaced. */
export function pingPage(seen: SeenPing): WebPage {
  const { project, check, ping, reader } = seen
  const facts = [
    ['When', instantInWords(ping.at, reader.timeZone)],
    ['From', ping.address],
    ['By', isMail(ping) ? 'e-mail' : `${ping.method} over ${ping.scheme}`],
    ['User agent', oneLine(ping.userAgent)],
    ['Run', ping.runId ?? ''],
  ].filter(([, value]) => value !== '')
  return {
    title: `Ping ${ping.number}`,
    section: 'Checks',
    content: html`${checkCrumbs(project, check)}
      <div class="head"><h1>Ping ${ping.number}</h1></div>
      <p>${signalMark(ping)}</p>
      <dl class="facts">
        ${facts.map(
          ([name, value]) =>
            html`<dt>${name}</dt>
              <dd>${value}</dd>`,
        )}
      </dl>
      ${bodyPart(seen)}`,
  }
}

function bodyPart({ project, check, ping, body }: SeenPing): Html {
  if (body === undefined)
    return html`<p>
      ${ping.bodyBytes === 0 ? 'It had no body.' : 'Its body is not kept any more.'}
    </p>`
  const cut = cutInWords(body)
  const { words } = body
  return html`<section class="card">
    <h2>Body</h2>
    ${words !== undefined && html`<p><strong>${oneLine(words.subject)}</strong></p>`}
    <pre class="code" tabindex="0">${block(bodyText(words?.text.bytes ?? body.bytes))}</pre>
    ${cut !== undefined && html`<p class="soft">Kept are ${cut}.</p>`}
    <p><a href="${checkPath(project, check, `pings/${ping.number}/body`)}">Download</a></p>
  </section>`
}
