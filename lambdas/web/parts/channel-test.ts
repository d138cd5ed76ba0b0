import { canTake, type Channel } from '../../channels/kinds.ts'
import type { Project } from '../../domain/people/project.ts'
import { type Html, html } from '../html.ts'
import { projectPath } from '../route.ts'

/** Where a page of a channel is. */
export function channelPath(project: Project, { id }: Pick<Channel, 'id'>, rest = ''): string {
  return projectPath(project, `channels/${id}${rest === '' ? '' : `/${rest}`}`)
}

/** What sends a channel a test; nothing where no alert would reach it. */
export function testButton(project: Project, channel: Channel, label: string): Html | false {
  if (!canTake(channel, 'down') && !canTake(channel, 'up')) return false
  return html`<form method="post" action="${channelPath(project, channel, 'test')}">
    <button>Test<span class="hidden"> ${label}</span></button>
  </form>`
}
