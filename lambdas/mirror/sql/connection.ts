import { clock } from '../../runtime/clock.ts'
import { within } from '../../runtime/within.ts'

/** One connection to a database. */
export type Connection = {
  /** @throws when the database refuses, is away, or takes too long. */
  ask(statement: string, values: readonly AskedValue[]): Promise<Answered>
  end(): Promise<void>
}

/** A value in the place of a parameter. */
export type AskedValue = string | number | readonly string[]

export type Answered = {
  readonly rows: readonly Readonly<Record<string, unknown>>[]
  readonly columns: readonly string[]
}

/** Where a database is, and who asks. */
export type Place = {
  readonly host: string
  readonly port: number
  readonly user: string
  readonly password: string
  readonly database: string
  /** Whether the server has to prove by a certificate of RDS that it is the one. */
  readonly isProven: boolean
  /** Whether the password is a token, which goes to the server as it is. */
  readonly isToken: boolean
}

/** How long the database may take to let somebody in, and to answer. */
export const patience = { connectMs: 5000, answerMs: 20_000, endMs: 2000 } as const

/** Waits for an end, but not for long: a server that is gone does not say so. */
export async function endInTime(end: Promise<unknown>): Promise<void> {
  await within(clock, clock.now() + patience.endMs, end)
}
