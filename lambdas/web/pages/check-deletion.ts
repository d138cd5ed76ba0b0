import { publicTitleOf } from '../../domain/people/disclosure.ts'
import type { Project } from '../../domain/people/project.ts'
import type { Check } from '../../domain/watching/check.ts'
import { html } from '../html.ts'
import { checkCrumbs, checkPath } from '../parts/check-links.ts'
import type { WebPage } from '../parts/frame.ts'

/** Asks once more, and says what is lost. */
export function deletionPage(project: Project, check: Check): WebPage {
  const title = `Delete ${publicTitleOf({ name: check.name })}?`
  return {
    title,
    section: 'Checks',
    content: html`${checkCrumbs(project, check)}
      <div class="head"><h1>${title}</h1></div>
      <p>
        Its ping URL stops working, and nobody is told of this job any more. Its log and its history
        are lost. To silence it for a time, pause it instead.
      </p>
      <form method="post" action="${checkPath(project, check, 'delete')}" class="inline">
        <button class="danger">Delete for good</button>
        <a href="${checkPath(project, check)}">Keep it</a>
      </form>`,
  }
}
