import type { Project } from '../../domain/people/project.ts'
import { may, type Role } from '../../domain/people/role.ts'
import { checkBounds } from '../../domain/watching/check-bounds.ts'
import { checkLabels } from '../check-problems.ts'
import { type Html, html } from '../html.ts'
import { lineField } from '../parts/field.ts'
import { projectPath } from '../route.ts'

type Seen = { readonly project: Project; readonly role: Role }

/** What a check is, and what makes the first one: the rest has what new checks have. */
export function firstCheck({ project, role }: Seen): Html {
  return html`<section class="card">
    <h2>Nothing is watched yet</h2>
    <p>
      A check stands for one job that runs on a schedule: a backup, a report, an import.<br />
      The job opens the check’s own address each time it has run; that is a ping.<br />
      When a ping is overdue, the channels of the project are told.
    </p>
    ${
      may(role, 'change')
        ? form(project)
        : html`<p>Somebody who may change this project can add the first check.</p>`
    }
  </section>`
}

function form(project: Project): Html {
  return html`<form method="post" action="${projectPath(project, 'new')}" class="check-form">
    <div class="pair">
      ${lineField({
        name: 'name',
        label: checkLabels['name'] ?? '',
        value: '',
        maxLength: checkBounds.longestName,
        hint: 'What the job is called, as db01 backup.',
        isRequired: true,
      })}
      ${lineField({
        name: 'schedule',
        label: checkLabels['schedule'] ?? '',
        value: '1 day',
        hint: 'A period (15 min, 1 day), cron (30 3 * * *) or OnCalendar (Mon..Fri 03:30).',
        isRequired: true,
      })}
    </div>
    <p class="actions">
      <button class="main" data-busy="Adding …">Add the first check</button>
      <a href="${projectPath(project, 'new')}">More settings</a>
    </p>
  </form>`
}
