import type { Check } from '../../../lambdas/domain/check.ts'

/** What an import wants of a check; the rest is given by where and when it is made. */
export type WantedCheck = Omit<Check, 'projectId' | 'version' | 'createdAt' | 'channelIds'>

/** The filters of a check that looks at nothing but whether it is pinged. */
export const noFilters: Check['filters'] = {
  startKeywords: '',
  successKeywords: '',
  failureKeywords: '',
  subject: false,
  body: false,
  httpBody: false,
  defaultFail: false,
}
