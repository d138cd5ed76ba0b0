import type { Project } from '../../domain/people/project.ts'
import { type Listing, listStatuses } from '../../domain/watching/listing.ts'
import { type Html, html } from '../html.ts'
import type { WebPage } from '../parts/frame.ts'
import { statusWords } from '../parts/status.ts'
import { projectPath } from '../route.ts'

export type ShownProject = {
  readonly project: Project
  /** Absent where they were not counted. */
  readonly counts?: Listing['counts']
}

export function projectsPage(projects: readonly ShownProject[]): WebPage {
  return {
    title: 'Projects',
    content: html`<div class="head"><h1>Projects</h1></div>
      ${projects.length === 0 ? none : projects.map(card)}`,
  }
}

const none = html`<p class="card">
  You have no role in any project yet. Whoever runs this can give you one:
  <code>npx overdue user role</code>.
</p>`

function card({ project, counts }: ShownProject): Html {
  return html`<section class="card">
    <h2><a href="${projectPath(project)}">${project.name}</a></h2>
    ${counts !== undefined && countsOfCard(project, counts)}
  </section>`
}

function countsOfCard(project: Project, counts: Listing['counts']): Html {
  const some = listStatuses.filter((status) => counts[status] > 0)
  if (some.length === 0) return html`<p class="soft">No check yet</p>`
  return html`<p class="counts">
    ${some.map(
      (status) =>
        html`<a class="count status ${status}" href="${projectPath(project, `?status=${status}`)}"
          ><span class="shape" aria-hidden="true"></span>${
            statusWords[status === 'late' ? 'grace' : status]
          }
          ${counts[status].toLocaleString('en')}</a
        > `,
    )}
  </p>`
}
