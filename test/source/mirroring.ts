import { makeMirrorHandler } from '../../lambdas/mirror.ts'
import type { MirrorDeps } from '../../lambdas/mirror/deps.ts'
import type { MirrorEvent } from '../../lambdas/mirror/mirror.ts'
import { accessByUrl, openSource } from '../../lambdas/mirror/sql/access.ts'
import { AllChecks } from '../../lambdas/store/source/all-checks.ts'
import { Attachments } from '../../lambdas/store/source/attachments.ts'
import { RowFaults } from '../../lambdas/store/source/faults.ts'
import { Holds } from '../../lambdas/store/source/holds.ts'
import { MirrorMarks } from '../../lambdas/store/source/mirror-marks.ts'
import { makeTestApi } from '../support/api.ts'
import { actingAs } from '../support/granted.ts'

/** The mirror of a database over fresh tables on a real engine; it counts what it writes. */
export async function makeMirroring(url: string) {
  const api = await makeTestApi()
  const { database, names } = api.engine
  const { project } = await api.project()
  const attachments = new Attachments(database, names.Registry)
  await attachments.attach({ projectId: project.id, name: 'shop' })
  const logged: string[] = []
  const deps: MirrorDeps = {
    ...api,
    allChecks: new AllChecks(database, names.Registry),
    attachments,
    faults: new RowFaults(database, names.Operations),
    holds: new Holds(database, names.Operations),
    marks: new MirrorMarks(database, names.Operations),
    openSource: () => openSource(accessByUrl(url)),
    log: (event, { check }) => void logged.push(`${event} ${String(check)}`),
  }
  return {
    api,
    deps,
    projectId: project.id,
    /** Events of the log that tell of a check that was made, changed or deleted. */
    written: () => logged.filter((line) => line.startsWith('check-')),
    run: (event: MirrorEvent = {}, changed: Partial<MirrorDeps> = {}) => {
      logged.length = 0
      return actingAs('Mirror', () => makeMirrorHandler({ ...deps, ...changed })(event))
    },
    stop: () => api.stop(),
  }
}

export type TestMirroring = Awaited<ReturnType<typeof makeMirroring>>
