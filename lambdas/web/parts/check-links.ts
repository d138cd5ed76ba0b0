import type { Project } from '../../domain/people/project.ts'
import { type Check, uniqueKeyOf } from '../../domain/watching/check.ts'
import { publicTitleOf } from '../../domain/people/disclosure.ts'
import { type Html, html } from '../html.ts'
import { projectPath } from '../route.ts'

/** Where a page of a check is. */
export function checkPath(project: Project, { id }: Pick<Check, 'id'>, rest = ''): string {
  return projectPath(project, `c/${uniqueKeyOf(id)}${rest === '' ? '' : `/${rest}`}`)
}

/** The way from a page below a check back to it. */
export function checkCrumbs(project: Project, check: Check): Html {
  return html`<p class="crumbs">
    <a href="${projectPath(project)}">Checks</a> ›
    <a href="${checkPath(project, check)}">${publicTitleOf({ name: check.name })}</a>
  </p>`
}
