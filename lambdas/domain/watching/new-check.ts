import { type Check, noFilters } from './check.ts'

const DEFAULT_PERIOD_SECONDS = 86_400
export const defaultGraceSeconds = 3600

/** A check as it is when nobody has said anything of it. */
export function newCheck(
  origin: Pick<Check, 'id' | 'projectId' | 'createdAt' | 'badgeKey'>,
): Check {
  return {
    ...origin,
    version: 1,
    name: '',
    slug: '',
    tags: '',
    description: '',
    schedule: { kind: 'simple', periodSeconds: DEFAULT_PERIOD_SECONDS },
    timeZone: 'UTC',
    graceSeconds: defaultGraceSeconds,
    methods: '',
    manualResume: false,
    filters: noFilters,
    channelIds: [],
  }
}
