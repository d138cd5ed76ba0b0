import type { ApiKey } from '../../domain/people/api-key.ts'
import type { Project } from '../../domain/people/project.ts'
import type { HandedKey } from '../../managing/keys.ts'
import { type Html, html } from '../html.ts'
import { errorSummary, lineField, selectField } from '../parts/field.ts'
import type { WebPage } from '../parts/frame.ts'
import { absoluteTime, type Reader } from '../parts/time.ts'
import { projectPath } from '../route.ts'
import { settingsHead } from './settings.ts'

export type KeysView = {
  readonly project: Project
  readonly keys: readonly ApiKey[]
  readonly reader: Reader
  /** A key that was just made, the only time that it is seen. */
  readonly handed?: HandedKey
  readonly name?: string
  readonly errors?: Readonly<Record<string, string>>
}

export function keysPage(view: KeysView): WebPage {
  const { project, keys, handed, errors = {} } = view
  return {
    title: 'Keys',
    section: 'Settings',
    content: html`${settingsHead(project, 'Keys')} ${errorSummary(errors)}
      ${handed !== undefined && handedKey(handed)}
      <section class="card">
        <h2>API keys</h2>
        <p class="soft">
          A key opens this project to programs. It is shown once: of what is kept, nobody can tell
          it.
        </p>
        <table class="cards">
          <thead>
            <tr>
              <th scope="col">Name</th>
              <th scope="col">Opens</th>
              <th scope="col">Made</th>
              <th scope="col">By</th>
              <th scope="col"><span class="hidden">Actions</span></th>
            </tr>
          </thead>
          <tbody>
            ${keys.map((key) => row(view, key))}
          </tbody>
        </table>
      </section>
      ${addForm(view)} ${pingKey(project)}`,
  }
}

function row({ project, reader }: KeysView, { id, name, access, createdAt, by }: ApiKey): Html {
  return html`<tr>
    <td>${name}</td>
    <td data-label="Opens">${access === 'read-only' ? 'reading' : 'reading and writing'}</td>
    <td data-label="Made">${absoluteTime(createdAt, reader)}</td>
    <td data-label="By">${by}</td>
    <td class="actions">
      ${action(project, { id, name, what: 'replace', words: 'Replace' })}
      ${action(project, { id, name, what: 'revoke', words: 'Revoke' })}
    </td>
  </tr>`
}

function action(
  project: Project,
  { id, name, what, words }: { readonly [of in 'id' | 'name' | 'what' | 'words']: string },
): Html {
  return html`<form method="post" action="${projectPath(project, `settings/keys/${what}`)}">
    <input type="hidden" name="id" value="${id}" />
    <button>${words}<span class="hidden"> ${name}</span></button>
  </form>`
}

function handedKey({ key, known }: HandedKey): Html {
  return html`<section class="banner done" role="status">
    <p>This is the key ${known.name}. Copy it now: it is not shown again.</p>
    <pre id="new-key">${key}</pre>
    <p><button type="button" data-copy="new-key" hidden>Copy</button></p>
  </section>`
}

function addForm({ project, name = '', errors }: KeysView): Html {
  const choices = [
    { value: 'read-write', label: 'reading and writing' },
    { value: 'read-only', label: 'reading' },
  ]
  return html`<form
    class="card"
    method="post"
    action="${projectPath(project, 'settings/keys/add')}"
  >
    <h2>Add a key</h2>
    ${lineField({ name: 'name', label: 'Name', value: name, isRequired: true, error: errors?.['name'] })}
    ${selectField({ name: 'access', label: 'Opens', value: 'read-write', choices })}
    <button class="main">Add key</button>
  </form>`
}

function pingKey({ pingKey: key }: Project): Html {
  return html`<section class="card">
    <h2>Ping key</h2>
    <p class="soft">It stands before a check's slug in its ping URL.</p>
    <details>
      <summary>Show the ping key</summary>
      <pre>${key}</pre>
    </details>
  </section>`
}
