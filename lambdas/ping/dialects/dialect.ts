import type { APIGatewayProxyEventV2 } from 'aws-lambda'
import type { Ping } from '../../domain/watching/ping.ts'
import type { Addressee } from '../../domain/watching/ping-url.ts'

/** The words of one service, in which jobs tell of their runs. */
export type Dialect = {
  /** What a request says in these words; undefined when it is in none of them. */
  readonly read: (event: APIGatewayProxyEventV2) => Spoken | Mistaken | Unspoken | undefined
  /** How a ping is answered that is taken. */
  readonly taken: TakenAnswers
}

/** Status and text, for a ping to a check that was there, and for one that made its check. */
export type TakenAnswers = Readonly<Record<'known' | 'made', AnswerWords>>
export type AnswerWords = readonly [statusCode: number, body: string]

/** Of services whose clients look at the status only, and of Healthchecks, which has them. */
export const plainlyTaken: TakenAnswers = { known: [200, 'OK'], made: [201, 'Created'] }

/** Which check a request names, and what it says of a run. */
export type Spoken = SpokenTo &
  Pick<Ping, 'signal' | 'exitStatus' | 'runId' | 'tookMs'> & {
    /** What is looked at and kept. */
    readonly body: Buffer
  }

/** What is wrong with a ping. Only the sender of a ping to an existing check gets to know it. */
export type Mistaken = SpokenTo & { readonly mistake: string }

type SpokenTo = {
  readonly addressee: Addressee
  /** Whether it makes the check that it names, where there is none. */
  readonly mayCreate: boolean
}

/** A request that is no ping, and how it is answered. */
export type Unspoken = { readonly refused: AnswerWords }
