import { themes, type User } from '../../domain/people/user.ts'
import { browserInWords } from '../../domain/wire/browser.ts'
import type { NamedSession } from '../../store/people/sessions.ts'
import { type Html, html } from '../html.ts'
import { checkBox, errorSummary, lineField, selectField } from '../parts/field.ts'
import type { WebPage } from '../parts/frame.ts'
import { banner } from '../parts/notice.ts'
import { zoneList, zoneListId } from '../parts/zone-list.ts'
import { relativeTime, type Reader } from '../parts/time.ts'

/** What a person may set, as it stands in the form. */
export type AccountFields = {
  readonly name: string
  readonly timeZone: string
  readonly theme: User['theme']
  readonly hasShortcuts: boolean
}

export type AccountModel = {
  readonly email: string
  readonly fields: AccountFields
  readonly errors: Readonly<Record<string, string>>
  readonly isSaved: boolean
  readonly sessions: readonly NamedSession[]
  /** The one that looks at the page. */
  readonly ownId: string | undefined
  readonly reader: Reader
}

const themeLabels: Readonly<Record<User['theme'], string>> = {
  system: 'As the system says',
  light: 'Light',
  dark: 'Dark',
}

export function accountPage(model: AccountModel): WebPage {
  const { email, errors, isSaved } = model
  return {
    title: 'Your account',
    content: html`<h1>Your account</h1>
      ${isSaved && banner('done', 'Saved.')} ${errorSummary(errors)}
      <p class="soft">You are <strong>${email}</strong>.</p>
      <section class="card">${settings(model)}</section>
      <section class="card" aria-labelledby="sessions">${sessionList(model)}</section>`,
  }
}

function settings({ fields, errors }: AccountModel): Html {
  return html`<form method="post" action="/app/account">
    ${lineField({
      name: 'name',
      label: 'Name',
      value: fields.name,
      error: errors['name'],
      hint: 'How others see you, in place of your address',
      autocomplete: 'name',
      maxLength: 100,
    })}
    ${lineField({
      name: 'timeZone',
      label: 'Time zone',
      value: fields.timeZone,
      error: errors['timeZone'],
      hint: 'In which times are shown to you, as in Europe/Riga; UTC when empty',
      maxLength: 60,
      list: zoneListId,
    })}
    ${zoneList()}
    ${selectField({
      name: 'theme',
      label: 'Colours',
      value: fields.theme,
      choices: themes.map((value) => ({ value, label: themeLabels[value] })),
    })}
    ${checkBox({
      name: 'shortcuts',
      label: 'Keyboard shortcuts',
      value: 'on',
      hint: 'Press ? on a page to see them',
      isChecked: fields.hasShortcuts,
    })}
    <button class="main">Save</button>
  </form>`
}

function sessionList({ sessions, ownId, reader }: AccountModel): Html {
  return html`<h2 id="sessions">Where you are signed in</h2>
    <table class="cards">
      <thead>
        <tr>
          <th>Browser</th>
          <th>Signed in</th>
          <th>Used</th>
          <th><span class="hidden">Sign out</span></th>
        </tr>
      </thead>
      <tbody>
        ${sessions.map((each) => sessionRow(each, each.id === ownId, reader))}
      </tbody>
    </table>
    <p class="hint">
      A session ends after thirty days without use, and ninety days after the sign-in.
    </p>
    <form method="post" action="/app/account/sign-out-everywhere">
      <button class="danger">Sign out everywhere</button>
    </form>`
}

function sessionRow({ id, session }: NamedSession, isOwn: boolean, reader: Reader): Html {
  const browser = browserInWords(session.agent)
  // Use is noted once a day.
  const used = isOwn
    ? html`this browser`
    : reader.now - session.seenAt < 86_400_000
      ? html`within a day`
      : relativeTime(session.seenAt, reader)
  return html`<tr>
    <td data-label="Browser">${browser}</td>
    <td data-label="Signed in">${relativeTime(session.createdAt, reader)}</td>
    <td data-label="Used">${used}</td>
    <td>
      <form method="post" action="/app/account/sessions/${id}">
        <button class="link">Sign out <span class="hidden">${browser}</span></button>
      </form>
    </td>
  </tr>`
}
