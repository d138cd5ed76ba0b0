import type { Project } from '../../domain/people/project.ts'
import type { Check } from '../../domain/watching/check.ts'
import type { Snippet, SnippetKind } from '../../domain/snippets/snippet.ts'
import { snippetTitles } from '../../domain/snippets/snippets.ts'
import { type Html, html } from '../html.ts'
import { checkCrumbs, checkPath } from '../parts/check-links.ts'
import type { WebPage } from '../parts/frame.ts'

/** How a check is named in its ping URL. A slug goes with the project's ping key. */
export type Naming = { readonly by: 'uuid' | 'slug'; readonly showsKey: boolean }

export type ShownSnippet = {
  readonly project: Project
  readonly check: Check
  readonly pingUrl: string
  readonly kind: SnippetKind
  readonly kinds: readonly SnippetKind[]
  readonly naming: Naming
  readonly snippet: Snippet
}

/** The ping URL, and code that asks for it. */
export function snippetCard(shown: ShownSnippet): Html {
  const { project, check, pingUrl, kind, kinds, naming, snippet } = shown
  return html`<section class="card" id="ping">
    <h2>Ping it</h2>
    <p class="ping-url">
      <code id="ping-url">${pingUrl}</code>
      <button type="button" data-copy="ping-url" hidden>Copy</button>
    </p>
    <form method="get" class="inline" action="${checkPath(project, check)}#ping">
      <label for="kind">from</label>
      <select id="kind" name="kind">
        ${kinds.map(
          (each) =>
            html`<option value="${each}" ${each === kind && html`selected`}>
              ${snippetTitles[each]}
            </option>`,
        )}
      </select>
      <span class="labelled"
        ><label for="by">by</label>
        <select id="by" name="by">
          <option value="uuid" ${naming.by === 'uuid' && html`selected`}>UUID</option>
          ${
            check.slug !== '' &&
            html`<option value="slug" ${naming.by === 'slug' && html`selected`}>slug</option>`
          }
        </select></span
      >
      <button>Show</button>
    </form>
    ${maskNote(shown)} ${code('snippet', snippet.text)}
    ${
      snippet.short !== undefined &&
      html`<details>
        <summary>Only tell of success</summary>
        ${code('snippet-short', snippet.short)}
      </details>`
    }
    <p class="soft">${snippet.note}</p>
    ${testPing(shown)}
  </section>`
}

/** It counts: that is said before. */
function testPing({ project, check }: ShownSnippet): Html {
  return html`<form method="post" action="${checkPath(project, check, 'ping')}" class="inline">
    <button>Send a test ping</button>
    <span class="soft">It counts like a ping of the job.</span>
  </form>`
}

/** One snippet on a page of its own. */
export function snippetPage(shown: ShownSnippet): WebPage {
  return {
    title: `Ping from ${snippetTitles[shown.kind]}`,
    section: 'Checks',
    content: html`${checkCrumbs(shown.project, shown.check)}
      <div class="head"><h1>Ping from ${snippetTitles[shown.kind]}</h1></div>
      ${snippetCard(shown)}`,
  }
}

function maskNote({ project, check, kind, naming }: ShownSnippet): Html | false {
  if (naming.by === 'uuid' || naming.showsKey) return false
  const to = `${checkPath(project, check)}?kind=${kind}&by=slug&key=show#ping`
  return html`<p>
    PING-KEY stands for the ping key, which pings all checks of the project.
    <a href="${to}">Show it</a>
  </p>`
}

function code(id: string, text: string): Html {
  return html`<pre class="code" id="${id}" tabindex="0">${text}</pre>
    <p><button type="button" data-copy="${id}" hidden>Copy</button></p>`
}
