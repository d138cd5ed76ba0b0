import { badgeSignature, everyTag } from './badge.ts'
import type { Project } from './project.ts'

export const badgeFormats = ['svg', 'json', 'shields'] as const
export type BadgeFormat = (typeof badgeFormats)[number]

/** What of a badge's name says that it has two states, as Healthchecks writes it. */
export const twoStates = '-2'

/**
 * Where the badges of a tag are: by format, with a 3 where a late check shows.
 * @param root scheme and host, without a slash at its end
 */
export function tagBadgeUrls(
  project: Pick<Project, 'id' | 'badgeKey'>,
  tag: string,
  root: string,
): Readonly<Record<string, string>> {
  const start = `${root}/badge/${project.id}/${badgeSignature(project, tag)}`
  const name = tag === everyTag ? '' : `/${encodeURIComponent(tag)}`
  const urls = badgeFormats.flatMap((format): readonly (readonly [string, string])[] => [
    [format, `${start}${twoStates}${name}.${format}`],
    [`${format}3`, `${start}${name}.${format}`],
  ])
  return Object.fromEntries(urls)
}
