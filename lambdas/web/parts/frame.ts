import type { Project } from '../../domain/people/project.ts'
import { may, type Role } from '../../domain/people/role.ts'
import type { User } from '../../domain/people/user.ts'
import type { Assets } from '../assets.ts'
import { type Html, html } from '../html.ts'
import { projectPath } from '../route.ts'

export const sections = ['Checks', 'Events', 'Channels', 'Badges', 'Settings'] as const

/** What stands inside the frame. */
export type WebPage = {
  readonly title: string
  /** The part of the project that the page belongs to. */
  readonly section?: (typeof sections)[number]
  readonly content: Html
}

/** Around whom and what the frame is. */
export type Framed = {
  readonly assets: Assets
  /** Where a local stack shows its clock and what it has sent. */
  readonly localPage?: string | undefined
  readonly user?: User
  readonly project?: Project
  readonly role?: Role
}

const places: Readonly<Record<(typeof sections)[number], string>> = {
  Checks: '',
  Events: 'events',
  Channels: 'channels',
  Badges: 'badges',
  Settings: 'settings',
}

const shortcuts: Readonly<Partial<Record<(typeof sections)[number], string>>> = {
  Checks: 'g c',
  Events: 'g e',
  Settings: 'g s',
}

/** A whole page: head, navigation, content. */
export function frame(framed: Framed, page: WebPage): Html {
  const { assets, localPage, user, project } = framed
  const title = [page.title, project?.name, 'Overdue'].filter((part) => part !== undefined)
  return html`<!doctype html>
    <html lang="en" data-theme="${user?.theme ?? 'system'}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${title.join(' – ')}</title>
        <link rel="stylesheet" href="${assets.style.path}" />
        <link
          rel="icon"
          type="image/svg+xml"
          href="${assets.icon.path}"
          data-down-icon="${assets.alarm.path}"
        />
        <script type="module" src="${assets.script.path}"></script>
      </head>
      <body data-shortcuts="${user?.hasShortcuts === true ? 'on' : 'off'}">
        <a class="skip" href="#main">To the content</a>
        ${user !== undefined && top(framed, user, page)}
        <main id="main" tabindex="-1">${page.content}</main>
        ${
          localPage !== undefined &&
          html`<footer class="local">
            This is a local stack: <a href="${localPage}">its clock, mails and requests</a>
          </footer>`
        }
      </body>
    </html>`
}

function top({ project, role }: Framed, user: User, { section }: WebPage): Html {
  return html`<header class="top">
    <a class="home" href="/app/">Overdue</a>
    ${project !== undefined && role !== undefined && navigation(project, role, section)}
    <nav class="personal" aria-label="You">
      <a href="/app/account">${user.name === '' ? user.email : user.name}</a>
      <form method="post" action="/app/sign-out"><button class="link">Sign out</button></form>
    </nav>
  </header>`
}

function navigation(project: Project, role: Role, current: WebPage['section']): Html {
  const shown = sections.filter((section) => section !== 'Settings' || may(role, 'administer'))
  return html`<nav class="project" aria-label="Project">
    <a class="project-name" href="/app/?all">${project.name}</a>
    ${shown.map(
      (section) =>
        html`<a
          href="${projectPath(project, places[section])}"
          ${current === section && html`aria-current="page"`}
          ${shortcuts[section] !== undefined && html`data-shortcut="${shortcuts[section]}"`}
          >${section}</a
        >`,
    )}
  </nav>`
}
