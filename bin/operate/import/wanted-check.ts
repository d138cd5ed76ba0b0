import type { Check } from '../../../lambdas/domain/watching/check.ts'

/** What an import wants of a check; the rest is given by where and when it is made. */
export type WantedCheck = Omit<Check, 'projectId' | 'version' | 'createdAt' | 'channelIds'>
