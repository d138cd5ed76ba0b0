import { appliedPrefix } from '../../lambdas/domain/watching/managed-by.ts'

/** Notes that what has been changed is kept by a file, or by an application, if it is. */
export function noteKeeper(keeper: string | undefined, note: (line: string) => void): void {
  if (keeper === undefined) return
  const next = keeper.startsWith(appliedPrefix) ? 'apply' : 'sync'
  note(`overdue: it is kept by ${keeper}, whose next ${next} may undo this change`)
}
