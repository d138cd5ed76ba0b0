import type { HoldCause } from '../../../lambdas/domain/mirroring/fault.ts'
import type { CommandAnswer } from '../command-answer.ts'
import { table } from '../table.ts'
import type { Deployment } from '../target.ts'
import { mirrorOf } from './now.ts'

const causes: Readonly<Record<HoldCause, string>> = {
  'most-gone': 'more than half of its checks, and more than 20, would go within an hour',
  'view-empty': 'the view has no row',
}

/** What the mirror has come to. @throws when the deployment has none. */
export async function sourceStatus(
  deployment: Pick<Deployment, 'attachments' | 'mirror'>,
): Promise<CommandAnswer> {
  const mirror = mirrorOf(deployment)
  const [attached, { askedAt, comparison }, held, faults] = await Promise.all([
    deployment.attachments.all(),
    mirror.marks.last(),
    mirror.holds.all(),
    mirror.faults.all(),
  ])
  const compared = comparison && { ...comparison, at: isoText(comparison.at) }
  const json = {
    attached: attached.map(({ projectId, name }) => ({ project: projectId, name })),
    asked_at: askedAt === undefined ? null : isoText(askedAt),
    comparison: compared ?? null,
    held: held
      .filter((hold) => attached.some(({ projectId }) => projectId === hold.projectId))
      .map(({ projectId, at, why }) => ({ project: projectId, since: isoText(at), why })),
    faults: faults.map((fault) => ({ ...fault, since: isoText(fault.since) })),
  }
  return { text: partsOf(json).join('\n\n'), json }
}

type Status = {
  readonly attached: readonly { readonly project: string; readonly name: string }[]
  readonly asked_at: string | null
  readonly comparison: {
    readonly at: string
    readonly rows: number
    readonly missing: number
    readonly stale: number
    readonly orphaned: number
  } | null
  readonly held: readonly {
    readonly project: string
    readonly since: string
    readonly why: HoldCause
  }[]
  readonly faults: readonly {
    readonly row: string
    readonly project: string
    readonly since: string
    readonly words: string
  }[]
}

function partsOf({ attached, asked_at, comparison, held, faults }: Status): readonly string[] {
  const asked = `The database was last asked: ${asked_at ?? 'never'}.`
  const compared =
    comparison === null
      ? 'All rows were never compared; overdue source now does it.'
      : `All ${comparison.rows} rows were last compared: ${comparison.at}. ${comparison.missing} checks were missing, ${comparison.stale} stale, ${comparison.orphaned} orphaned.`
  const projects = attached.map(({ project, name }) => [name, project])
  const holds = held.map(({ project, since, why }) => [project, since, causes[why]])
  const rows = faults.map(({ row, project, since, words }) => [row, project, since, words])
  return [
    `${asked}\n${compared}`,
    projects.length === 0
      ? 'No project is attached; overdue source attach lets the database write one.'
      : table(['NAME IN THE VIEW', 'PROJECT'], projects),
    ...(holds.length === 0
      ? []
      : [
          `${table(['NOTHING IS DELETED OF', 'SINCE', 'BECAUSE'], holds)}\noverdue source now --yes deletes what is gone.`,
        ]),
    rows.length === 0
      ? 'All rows are taken.'
      : table(['ROW THAT CANNOT BE TAKEN', 'PROJECT', 'SINCE', 'IT'], rows),
  ]
}

function isoText(at: number): string {
  return new Date(at).toISOString()
}
