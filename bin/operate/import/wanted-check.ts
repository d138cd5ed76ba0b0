import type { Check } from '../../../lambdas/domain/watching/check.ts'

/** A check as an import gives it; the rest depends on where and when it is made. */
export type WantedCheck = Omit<Check, 'projectId' | 'version' | 'createdAt' | 'channelIds'>
