import { everyTag } from '../domain/people/badge.ts'
import { tagBadgeUrls } from '../domain/people/badge-urls.ts'
import { publicTitleOf } from '../domain/people/disclosure.ts'
import { type Check, tagsOf, uniqueKeyOf } from '../domain/watching/check.ts'
import type { Project } from '../domain/people/project.ts'
import type { Registry } from '../store/registry/registry.ts'
import { badgesPage, type ShownBadge } from './pages/badges.ts'
import type { Choice } from './parts/field.ts'
import { respond } from './respond.ts'
import type { ProjectCall, Route } from './route.ts'

export type BadgesPageDeps = {
  readonly registry: Pick<Registry, 'checks'>
  /** Scheme and host of the API, which serves badges, without a slash at its end. */
  readonly apiRoot: string
}

export const badgesRoutes: readonly Route<BadgesPageDeps>[] = [
  { method: 'GET', path: '/p/:project/badges', needs: 'see', act: showBadges },
]

async function showBadges(deps: BadgesPageDeps, call: ProjectCall): Promise<Response> {
  const { project, query } = call
  const checks = await deps.registry.checks(project.id)
  const tags = [...new Set(checks.flatMap(tagsOf))].toSorted()
  const wanted = { of: query.text('of'), showsLate: query.text('states') === '3' }
  const check = checks.find(({ id }) => uniqueKeyOf(id) === wanted.of)
  const tag = wanted.of === '' ? everyTag : tags.find((each) => wanted.of === tagChoice(each))
  const badge =
    check !== undefined
      ? checkBadge(deps, check, wanted.showsLate)
      : tag === undefined
        ? undefined
        : tagBadge(deps, { project, tag, showsLate: wanted.showsLate })
  return respond(call, badgesPage({ ...wanted, badge, choices: choicesOf(checks, tags) }))
}

function choicesOf(checks: readonly Check[], tags: readonly string[]): readonly Choice[] {
  return [
    { value: '', label: 'All checks' },
    ...tags.map((tag) => ({ value: tagChoice(tag), label: `Tag ${tag}` })),
    ...checks.map(({ id, name }) => ({ value: uniqueKeyOf(id), label: publicTitleOf({ name }) })),
  ]
}

/** A blank, which no unique key has and no tag. */
function tagChoice(tag: string): string {
  return `tag ${tag}`
}

function checkBadge({ apiRoot }: BadgesPageDeps, check: Check, showsLate: boolean): ShownBadge {
  const { name, badgeKey } = check
  return {
    label: publicTitleOf({ name }),
    url: `${apiRoot}/b/${showsLate ? 3 : 2}/${badgeKey}.svg`,
  }
}

type WantedTag = {
  readonly project: Project
  readonly tag: string
  readonly showsLate: boolean
}

function tagBadge({ apiRoot }: BadgesPageDeps, { project, tag, showsLate }: WantedTag): ShownBadge {
  const url = tagBadgeUrls(project, tag, apiRoot)[showsLate ? 'svg3' : 'svg'] ?? ''
  return { label: tag === everyTag ? project.name : tag, url }
}
