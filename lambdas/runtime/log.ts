/* eslint-disable no-console -- the one place that writes log lines */

/**
 * What may stand in a log line: ids, counts and names of errors; never a body, a key or an address.
 */
export type LogFields = Readonly<Record<string, string | number | boolean | undefined>>

/**
 * One structured line for an event that an operator would ask about. Lambda's JSON log format keeps
 * the fields apart.
 */
export function log(event: string, fields: LogFields): void {
  console.info({ event, ...fields })
}

/** The same for what an operator should look at. */
export function warn(event: string, fields: LogFields): void {
  console.warn({ event, ...fields })
}

/** What a log line may say of an error: its name. Messages can hold what a job sent. */
export function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : typeof error
}
