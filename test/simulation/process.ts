import type { AwsCall, Running } from './host.ts'

/** How a call to AWS went in the end, as the process that made it was told. */
export type CallNote = {
  readonly service: AwsCall['service']
  readonly operation: string
  readonly input: object
  readonly at: number
  answeredAt?: number
  /** How often its effect took place, and when it first did. */
  effects: number
  effectAt?: number
  outcome: 'pending' | 'answered' | 'refused' | 'failed'
  /** The condition that did not hold says what it found. */
  error?: unknown
}

/** One invocation of a function; or somebody outside who calls them: a job, a person. */
export class Process {
  state: 'running' | 'ended' | 'failed' | 'killed' = 'running'
  /** How many answers it waits for. */
  waitsFor = 0
  readonly calls: CallNote[] = []
  /** What it can do, from when it first runs. */
  running: Running | undefined
  readonly number: number
  readonly name: string
  readonly skewMs: number
  /** Whether faults may hit it. */
  readonly isExposed: boolean
  readonly event: unknown
  /** Ends it where it is: no answer reaches it any more. */
  kill: () => void = () => undefined

  constructor(number: number, { name, skewMs = 0, isExposed = false, event }: ProcessFields) {
    this.number = number
    this.name = name
    this.skewMs = skewMs
    this.isExposed = isExposed
    this.event = event
  }
}

export type ProcessFields = {
  readonly name: string
  readonly skewMs?: number
  readonly isExposed?: boolean
  readonly event?: unknown
}
