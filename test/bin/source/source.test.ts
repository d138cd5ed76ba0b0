import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { detachProject } from '../../../bin/operate/source/attach.ts'
import { sourceStatus } from '../../../bin/operate/source/status.ts'
import { Audits } from '../../../lambdas/store/people/audits.ts'
import { Attachments } from '../../../lambdas/store/source/attachments.ts'
import { RowFaults } from '../../../lambdas/store/source/faults.ts'
import { Holds } from '../../../lambdas/store/source/holds.ts'
import { MirrorMarks } from '../../../lambdas/store/source/mirror-marks.ts'
import { start } from '../../support/builders.ts'
import { aClock } from '../../support/clock.ts'
import { makeOperator, type Operator } from '../../support/operator.ts'

let operator: Operator

beforeAll(async () => {
  operator = await makeOperator()
})
afterAll(() => operator.stop())

describe('overdue source', () => {
  it('attaches a project under one name, and detaches it', async () => {
    const [{ project }, { project: other }] = [await operator.project(), await operator.project()]
    const source = (...args: readonly string[]) => operator.run('source', ...args)

    expect(await source('attach', project.id, '--as', 'shop')).toMatchObject({
      status: 0,
      out: expect.stringContaining(
        `Rows of the project shop are checks of ${project.id}.`,
      ) as string,
    })
    expect(await source('attach', other.id, '--as', 'shop')).toMatchObject({
      status: 1,
      err: expect.stringContaining('another project is attached as shop') as string,
    })
    expect((await source('attach', 'none', '--as', 'x')).err).toContain('there is no project none')
    expect((await source('attach', project.id, '--as', '')).err).toContain('1–200 characters')
    expect(await source('detach', project.id)).toMatchObject({ status: 0 })
    expect(await source('attach', other.id, '--as', 'shop')).toMatchObject({ status: 0 })
  })

  it('forgets why nothing of a project was deleted when it detaches it', async () => {
    const { database, names } = operator.engine
    const { project } = await operator.project()
    const attachments = new Attachments(database, names.Registry)
    const holds = new Holds(database, names.Operations)
    await attachments.attach({ projectId: project.id, name: 'held' })
    await holds.hold({ projectId: project.id, at: start, why: 'most-gone' })

    const mirror = {
      functionName: 'Mirror',
      holds,
      faults: new RowFaults(database, names.Operations),
      marks: new MirrorMarks(database, names.Operations),
    }
    const deployment = {
      ...operator,
      audits: new Audits(database, names.Journal),
      clock: aClock(start),
      attachments,
      mirror,
    }
    await detachProject(deployment, project.id)

    expect(await holds.all()).toEqual([])
    // As of a project that was deleted while it was attached.
    await holds.hold({ projectId: project.id, at: start, why: 'most-gone' })
    expect(await sourceStatus(deployment)).toMatchObject({ json: { held: [] } })
  })

  it.each(['now', 'status'])('%s says where there is no source', async (name) => {
    const { status, err } = await operator.run('source', name)

    expect({ status, err }).toMatchObject({
      status: 1,
      err: expect.stringContaining(
        'this deployment has no source; docs/sources.md says how',
      ) as string,
    })
  })

  it('prints SQL for tables of a plain name only', async () => {
    const ddl = ['source', 'ddl', '--engine', 'mysql', '--table']

    expect((await operator.run(...ddl, 'x; DROP TABLE y')).status).toBe(2)
    expect((await operator.run('source', 'ddl', '--engine', 'oracle', '--table', 'x')).status).toBe(
      2,
    )
  })
})
