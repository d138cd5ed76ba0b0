import { table } from './table.ts'

/** A line of the log of a check: when, and what happened. */
export type LogLine = { readonly at: string; readonly what: string; readonly details: string }

/** Lines for people, in their order. */
export function logText(lines: readonly LogLine[]): string {
  return lines.length === 0
    ? 'Nothing yet: no ping has come.'
    : table(
        ['AT', 'WHAT', 'DETAILS'],
        lines.map(({ at, what, details }) => [at, what, details]),
      )
}

type PingWords = {
  readonly number: number
  readonly exitStatus?: number | undefined
  readonly runId?: string | undefined
}

/** What a line says of a ping beside its signal. */
export function pingDetails({ number, exitStatus, runId }: PingWords): string {
  return [
    `ping ${number}`,
    ...(exitStatus === undefined ? [] : [`exit status ${exitStatus}`]),
    ...(runId === undefined ? [] : [`run ${runId}`]),
  ].join(', ')
}
