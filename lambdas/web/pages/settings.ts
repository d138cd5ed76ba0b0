import type { Project } from '../../domain/people/project.ts'
import { type Html, html } from '../html.ts'
import { errorSummary, lineField } from '../parts/field.ts'
import type { WebPage } from '../parts/frame.ts'
import { projectPath } from '../route.ts'

const parts = { Project: 'settings', Keys: 'settings/keys', Audit: 'settings/audit' } as const

/** What stands above each part of a project's settings. */
export function settingsHead(project: Project, current: keyof typeof parts): Html {
  return html`<div class="head"><h1>Settings</h1></div>
    <nav class="parts" aria-label="Settings">
      ${Object.entries(parts).map(
        ([name, path]) =>
          html`<a
            href="${projectPath(project, path)}"
            ${name === current && html`aria-current="page"`}
            >${name}</a
          >`,
      )}
    </nav>`
}

type Settings = {
  readonly project: Project
  /** What was sent and could not be taken, and why. */
  readonly name?: string
  readonly error?: string
}

export function settingsPage({ project, name = project.name, error }: Settings): WebPage {
  return {
    title: 'Settings',
    section: 'Settings',
    content: html`${settingsHead(project, 'Project')}
      ${error !== undefined && errorSummary({ name: error })}
      <form class="card" method="post">
        ${lineField({ name: 'name', label: 'Name', value: name, isRequired: true, error })}
        <button class="main">Save</button>
      </form>
      <dl class="facts card">
        <dt>Project ID</dt>
        <dd class="code">${project.id}</dd>
        <dt>Checks</dt>
        <dd>up to ${project.checkLimit.toLocaleString('en')}</dd>
      </dl>`,
  }
}
