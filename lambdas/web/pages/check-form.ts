import { timeZoneNames } from '../../domain/schedule/zone-data.ts'
import { checkBounds } from '../../domain/watching/check-bounds.ts'
import type { ManagedBy } from '../../domain/watching/managed-by.ts'
import { checkLabels, type Problems, WHOLE } from '../check-problems.ts'
import { WHOLE_FORM } from '../check-entries.ts'
import type { Form } from '../form.ts'
import { type Html, html } from '../html.ts'
import { checkBox, errorSummary, lineField, linesField } from '../parts/field.ts'
import type { WebPage } from '../parts/frame.ts'
import { managedNote } from '../parts/managed-note.ts'
import { banner } from '../parts/notice.ts'
import { fieldEntry, isUnfolded, type OfferedChannel } from './check-entry.ts'
import { checkRules } from './check-rules.ts'
import { type PreviewModel, previewPart } from './preview.ts'

export type CheckFormModel = {
  readonly title: string
  readonly form: Form
  readonly problems: Problems
  readonly channels: readonly OfferedChannel[]
  readonly preview: PreviewModel
  readonly cancelTo: string
  readonly isNew: boolean
  readonly managedBy?: ManagedBy
  /** What somebody else has changed since the form was shown, by the names of fields. */
  readonly conflicts?: readonly FieldConflict[]
}

export type FieldConflict = {
  readonly label: string
  readonly theirs: string
  readonly yours: string
}

/** Adds a check, or edits one. */
export function checkFormPage(model: CheckFormModel): WebPage {
  const { title, form, problems, cancelTo, conflicts } = model
  return {
    title,
    section: 'Checks',
    content: html`<h1>${title}</h1>
      ${managedNote(model)} ${conflicts !== undefined && conflictPart('check', conflicts)}
      ${errorSummary(problems)}
      <form method="post" id="${WHOLE}" class="check-form" novalidate>
        <input type="hidden" name="${WHOLE_FORM}" value="1" />
        <input type="hidden" name="version" value="${form.text('version')}" />
        ${naming(model)} ${timing(model)} ${telling(model)} ${filtering(model)}
        ${checkRules(form, problems, model.channels)}
        <p class="actions">
          <button class="main" data-busy="Saving …">Save</button> <a href="${cancelTo}">Cancel</a>
        </p>
      </form>`,
  }
}

/** What somebody else has changed meanwhile, above the form that would change it again. */
export function conflictPart(what: 'check' | 'channel', conflicts: readonly FieldConflict[]): Html {
  return html`${banner(
      'warning',
      `Somebody else has changed this ${what} since you opened it. Nothing is saved yet: what you save now replaces theirs.`,
    )}
    <table class="cards">
      <thead>
        <tr>
          <th scope="col">Field</th>
          <th scope="col">Now</th>
          <th scope="col">Yours</th>
        </tr>
      </thead>
      <tbody>
        ${conflicts.map(
          ({ label, theirs, yours }) =>
            html`<tr>
              <th scope="row">${label}</th>
              <td data-label="Now">${theirs || '–'}</td>
              <td data-label="Yours">${yours || '–'}</td>
            </tr>`,
        )}
      </tbody>
    </table>`
}

function naming({ form, problems, isNew }: CheckFormModel): Html {
  const entry = (name: string) => fieldEntry(form, problems, name)
  return html`<div class="pair">
    ${lineField({
      ...entry('name'),
      maxLength: checkBounds.longestName,
      isFirst: isNew && Object.keys(problems).length === 0,
    })}
    ${lineField({
      ...entry('slug'),
      maxLength: checkBounds.longestSlug,
      hint: isNew
        ? 'For ping URLs with a name in them; made of the name when left empty.'
        : 'For ping URLs with a name in them; those in use end when it changes.',
    })}
    ${lineField({
      ...entry('tags'),
      maxLength: checkBounds.longestTags,
      hint: 'Words with blanks between.',
    })}
  </div>`
}

function timing({ form, problems, preview }: CheckFormModel): Html {
  const entry = (name: string) => fieldEntry(form, problems, name)
  return html`<fieldset class="card" data-preview="/app/preview">
    <legend>When it runs</legend>
    <div class="pair">
      ${linesField({
        ...entry('schedule'),
        rows: 1,
        hint: 'A period (15 min, 1 day), cron (30 3 * * *) or OnCalendar (Mon..Fri 03:30).',
      })}
      ${lineField({ ...entry('tz'), list: 'zones' })}
      ${lineField({
        ...entry('grace'),
        hint: 'How late it may be, and how long a run may take (30 min, 1 h).',
      })}
      ${lineField({
        ...entry('rules.early'),
        hint: 'Cron and OnCalendar: a success this long before a run is its ping. May be empty.',
      })}
    </div>
    <datalist id="zones">
      ${timeZoneNames().map((name) => html`<option value="${name}"></option>`)}
    </datalist>
    <div class="preview" data-preview-result>${previewPart(preview)}</div>
    <noscript>
      <button class="link" name="preview" value="1">Show what this schedule means</button>
    </noscript>
  </fieldset>`
}

function telling({ form, problems, channels }: CheckFormModel): Html {
  const chosen = form.all('channels')
  return html`<fieldset id="channels">
    <legend>${checkLabels['channels']}</legend>
    ${problems['channels'] !== undefined && html`<p class="error">${problems['channels']}</p>`}
    ${channels.length === 0 && html`<p class="soft">The project has no channels yet.</p>`}
    ${channels.map(({ id, label }) =>
      checkBox({ name: 'channels', label, value: id, isChecked: chosen.includes(id) }),
    )}
  </fieldset>`
}

function filtering({ form, problems }: CheckFormModel): Html {
  const names = ['methods', 'start_kw', 'success_kw', 'failure_kw', 'desc', 'manual_resume']
  const entry = (name: string) => fieldEntry(form, problems, name)
  const box = (name: string, label: string, value = '1') =>
    checkBox({ name, label, value, isChecked: form.text(name) === value })
  return html`<details ${isUnfolded(form, problems, names) && html`open`}>
    <summary>Description, only POST, words in the body, resume by hand</summary>
    ${linesField({ ...entry('desc'), hint: 'What to do when it is down. Alerts show it.' })}
    ${box('methods', 'Only POST counts as a ping', 'POST')}
    ${box('manual_resume', 'Stays paused until it is resumed by hand')}
    <fieldset>
      <legend>Look for words in</legend>
      ${box('filter_http_body', 'the bodies of pings')}
      ${box('filter_subject', 'the subjects of mails')} ${box('filter_body', 'the bodies of mails')}
      ${box('filter_default_fail', 'Where none is found, the ping is a failure')}
    </fieldset>
    <div class="pair">
      ${lineField({ ...entry('start_kw'), hint: 'Commas between.' })}
      ${lineField({ ...entry('success_kw'), hint: 'Commas between.' })}
      ${lineField({ ...entry('failure_kw'), hint: 'Commas between.' })}
    </div>
  </details>`
}
