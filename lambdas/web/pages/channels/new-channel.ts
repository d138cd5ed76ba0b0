import { formOf, kindNames, type KindName, titleOfKind } from '../../../channels/kinds.ts'
import type { Project } from '../../../domain/people/project.ts'
import { channelFieldLabel } from '../../channels/channel-form.ts'
import { type Problems, WHOLE } from '../../check-problems.ts'
import type { Form } from '../../form.ts'
import { type Html, html } from '../../html.ts'
import { errorSummary } from '../../parts/field.ts'
import type { WebPage } from '../../parts/frame.ts'
import { projectPath } from '../../route.ts'
import { channelEntryFields } from './channel-entry-fields.ts'

/** Asks which kind of channel it is to be. */
export function kindsPage(project: Project): WebPage {
  const path = projectPath(project, 'channels/new')
  return {
    title: 'Add a channel',
    section: 'Channels',
    content: html`${channelCrumbs(project)}
      <h1>Add a channel</h1>
      <ul class="kinds">
        ${kindNames().map(
          (kind) =>
            html`<li class="card">
              <a href="${path}?kind=${kind}">${titleOfKind(kind)}</a>
              <span class="soft">${needsOf(kind)}</span>
            </li>`,
        )}
      </ul>`,
  }
}

function needsOf(kind: KindName): string {
  const { questions } = formOf(kind)
  const needed = questions.filter(({ isNeeded }) => isNeeded)
  return (needed.length === 0 ? questions.slice(0, 1) : needed)
    .map(({ field }) => channelFieldLabel(field))
    .join(', ')
}

/** The way back to the list. */
export function channelCrumbs(project: Project): Html {
  return html`<p class="crumbs"><a href="${projectPath(project, 'channels')}">Channels</a> ›</p>`
}

type NewChannelModel = {
  readonly project: Project
  readonly kind: KindName
  readonly form: Form
  readonly problems: Problems
}

/** Asks for what a kind of channel needs. */
export function newChannelPage({ project, kind, form, problems }: NewChannelModel): WebPage {
  const title = `Add a channel: ${titleOfKind(kind)}`
  return {
    title,
    section: 'Channels',
    content: html`${channelCrumbs(project)}
      <h1>${title}</h1>
      ${errorSummary(problems)}
      <form
        method="post"
        action="${projectPath(project, 'channels/new')}"
        id="${WHOLE}"
        class="card"
        novalidate
      >
        <input type="hidden" name="kind" value="${kind}" />
        ${channelEntryFields({ kind, form, problems })}
        <p class="actions">
          <button class="main" data-busy="Saving …">Add channel</button>
          <a href="${projectPath(project, 'channels/new')}">Another kind</a>
        </p>
      </form>`,
  }
}
