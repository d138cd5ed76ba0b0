import type { Project } from '../../domain/people/project.ts'
import { type Html, html } from '../html.ts'
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
