import type { Project } from '../../domain/people/project.ts'
import { may, type Role } from '../../domain/people/role.ts'
import {
  LIST_PAGE,
  type ListedCheck,
  type Listing,
  type ListQuery,
  type ListStatus,
  listStatuses,
} from '../../domain/watching/listing.ts'
import { type Html, html } from '../html.ts'
import type { ListedWithLeeway } from '../listed-checks.ts'
import { banner } from '../parts/notice.ts'
import type { WebPage } from '../parts/frame.ts'
import { pagination } from '../parts/pagination.ts'
import { statusWords } from '../parts/status.ts'
import type { Reader } from '../parts/time.ts'
import { troubleBanners } from '../parts/troubles.ts'
import { projectPath } from '../route.ts'
import type { Troubles } from '../troubles.ts'
import { checkRow } from './check-row.ts'
import { firstCheck } from './first-check.ts'

type List = {
  readonly project: Project
  readonly role: Role
  readonly wanted: ListQuery
  readonly listing: Listing
  /** How many checks have flipped in a day. */
  readonly flipped: number
  readonly down: number
  /** How many checks the project has. */
  readonly size: number
  readonly troubles: Troubles
  readonly reader: Reader
}

/** Tags beyond these are behind a fold. */
const MOST_TAGS = 12
const LONGEST_TAG_LIST = 300

export function checksPage(list: List): WebPage {
  const { project, role, size } = list
  return {
    title: 'Checks',
    section: 'Checks',
    content: html`<div class="head">
        <h1>Checks</h1>
        ${
          may(role, 'change') &&
          html`<a class="button main" href="${projectPath(project, 'new')}" data-shortcut="n"
            >Add check</a
          >`
        }
      </div>
      ${size === 0 ? firstCheck(list) : filled(list)}`,
  }
}

function filled(list: List): Html {
  const { project, wanted, listing, reader } = list
  const live = hrefOf(projectPath(project, 'live'), wanted, {})
  return html`<div data-live="${live}">
    ${troubleBanners(project, list.troubles, reader)}
    ${countLinks({ ...list, counts: listing.counts })} ${searchForm(list)} ${tagLinks(list)}
    ${listing.total === 0 ? noneMatches(list) : table(list)}
    <div class="pages">
      ${pages(list)}
      <span>As of <span data-as-of="${reader.timeZone}">${timeOfDay(reader)}</span></span>
      <a href="" data-changed hidden>Sort again</a>
    </div>
  </div>`
}

function timeOfDay({ now, timeZone }: Reader): string {
  return new Date(now).toLocaleTimeString('en-GB', { timeZone })
}

type Counts = Pick<List, 'project' | 'wanted'> & {
  readonly counts: Listing['counts']
  /** How many of the project are down, whatever the list shows. */
  readonly down: number
  readonly flipped: number
}

function countLinks({ project, wanted, counts, down, flipped }: Counts): Html {
  const path = projectPath(project)
  return html`<nav class="counts" aria-label="By status" data-part="counts" data-down="${down}">
    ${listStatuses.map((status) => {
      const isCurrent = wanted.status === status
      const href = hrefOf(path, wanted, { status: isCurrent ? undefined : status, page: 1 })
      return html`<a
        class="count status ${status}"
        href="${href}"
        ${isCurrent && html`aria-current="true"`}
        ><span class="shape" aria-hidden="true"></span>${wordOf(status)}
        ${number(counts[status])}</a
      > `
    })}
    <a
      href="${hrefOf(path, wanted, { flippedSince: wanted.flippedSince === undefined ? 1 : undefined, page: 1 })}"
      ${wanted.flippedSince !== undefined && html`aria-current="true"`}
      >changed in 24 h: ${number(flipped)}</a
    >
  </nav>`
}

function wordOf(status: ListStatus): string {
  return statusWords[status === 'late' ? 'grace' : status]
}

const orderWords = {
  worst: 'Worst first',
  name: 'By name',
  last: 'Last ping first',
  newest: 'Newest first',
} as const satisfies Record<ListQuery['order'], string>

function searchForm({ project, wanted }: List): Html {
  const { text, status, tags, flippedSince, order } = wanted
  return html`<form class="search" method="get" action="${projectPath(project)}" role="search">
    <label for="q">Search</label>
    <input id="q" name="q" type="search" value="${text}" maxlength="200" data-search />
    <span class="labelled"
      ><label for="sort">Sort</label>
      <select id="sort" name="sort">
        ${Object.entries(orderWords).map(
          ([value, words]) =>
            html`<option value="${value}" ${value === order && html`selected`}>${words}</option>`,
        )}
      </select></span
    >
    ${status !== undefined && html`<input type="hidden" name="status" value="${status}" />`}
    ${tags.map((tag) => html`<input type="hidden" name="tag" value="${tag}" />`)}
    ${flippedSince !== undefined && html`<input type="hidden" name="flipped" value="" />`}
    <button>Show</button>
  </form>`
}

function tagLinks({ project, wanted, listing: { tags } }: List): Html | false {
  if (tags.length === 0) return false
  const link = ([tag, count]: (typeof tags)[number]) => {
    const isChosen = wanted.tags.includes(tag)
    const chosen = isChosen ? wanted.tags.filter((each) => each !== tag) : [...wanted.tags, tag]
    const href = hrefOf(projectPath(project), wanted, { tags: chosen, page: 1 })
    return html`<a class="tag" href="${href}" ${isChosen && html`aria-current="true"`}
      >${tag} ${number(count)}</a
    > `
  }
  const more = tags.slice(MOST_TAGS, LONGEST_TAG_LIST)
  return html`<nav class="tags" aria-label="By tag">
    ${tags.slice(0, MOST_TAGS).map(link)}
    ${
      more.length > 0 &&
      html`<details>
        <summary>${number(tags.length - MOST_TAGS)} more tags</summary>
        ${more.map(link)}
      </details>`
    }
  </nav>`
}

function noneMatches({ project, wanted, size }: List): Html {
  const { text, status, tags, flippedSince } = wanted
  const parts = [
    text === '' ? '' : `“${text}”`,
    status === undefined ? '' : `that is ${status}`,
    tags.length === 0 ? '' : `with the tag ${tags.join(' and ')}`,
    flippedSince === undefined ? '' : 'that changed in 24 h',
  ].filter((part) => part !== '')
  return html`${banner('info', `No check matches ${parts.join(' ')}.`)}
    <p><a href="${projectPath(project)}">Show all ${number(size)} checks</a></p>`
}

function table(list: List): Html {
  return html`<table class="cards checks">
    <thead>
      <tr>
        <th>Status</th>
        <th>Name</th>
        <th>Schedule</th>
        <th>Last ping</th>
        <th>Next</th>
        <th>Took</th>
      </tr>
    </thead>
    <tbody>
      ${list.listing.rows.map((row) => checkRow(list.project, row, list.reader))}
    </tbody>
  </table>`
}

function pages({ project, wanted, listing: { total, page } }: List): Html {
  const path = projectPath(project)
  const first = (page - 1) * LIST_PAGE + 1
  const last = Math.min(total, page * LIST_PAGE)
  return pagination({
    first,
    last,
    total,
    ...(page > 1 ? { previous: hrefOf(path, wanted, { page: page - 1 }) } : {}),
    ...(last < total ? { next: hrefOf(path, wanted, { page: page + 1 }) } : {}),
  })
}

type Part = Counts & {
  readonly troubles: Troubles
  readonly rows: readonly (ListedCheck | ListedWithLeeway)[]
  readonly reader: Reader
}

/** The counts and some rows, as the page has them. */
export function checksPart({ rows, troubles, reader, ...counts }: Part): Html {
  return html`${troubleBanners(counts.project, troubles, reader)} ${countLinks(counts)}
    <table>
      <tbody>
        ${rows.map((row) => checkRow(counts.project, row, reader))}
      </tbody>
    </table>`
}

/** The address of a list. */
function hrefOf(path: string, wanted: ListQuery, changes: Partial<ListQuery>): string {
  const { text, status, tags, flippedSince, order, page } = { ...wanted, ...changes }
  const fields = new URLSearchParams()
  if (text !== '') fields.set('q', text)
  if (status !== undefined) fields.set('status', status)
  for (const tag of tags) fields.append('tag', tag)
  if (flippedSince !== undefined) fields.set('flipped', '')
  if (order !== 'worst') fields.set('sort', order)
  if (page > 1) fields.set('page', page.toString())
  return fields.size === 0 ? path : `${path}?${fields.toString()}`
}

function number(count: number): string {
  return count.toLocaleString('en')
}
