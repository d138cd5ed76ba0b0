/** One request of a job to a ping URL, and what the job was told. Status 0: nothing. */
export type ToldPing = {
  readonly requestId: string
  /** The check it was sent for; undefined when its slug was to make one. */
  readonly checkId: string | undefined
  readonly path: string
  readonly isCreating: boolean
  readonly signal: 'success' | 'start' | 'fail' | 'log' | 'by-body'
  readonly runId: string | undefined
  readonly method: string
  readonly hasBody: boolean
  readonly sentAt: number
  readonly answeredAt: number
  readonly status: number
  /** Whether it was refused because too many came. */
  readonly isLimited: boolean
}

/** One request to the management API, and what its caller was told. */
export type ToldCall = {
  readonly requestId: string
  readonly action:
    | 'create'
    | 'upsert'
    | 'update'
    | 'pause'
    | 'resume'
    | 'delete'
    | 'read'
    | 'list'
    | 'snooze'
    | 'unsnooze'
    | 'plan'
    | 'unplan'
  /**
   * Whose key was used: the owner's, one that may only read, another project's, or none that
   * exists.
   */
  readonly key: 'owner' | 'reader' | 'stranger' | 'nobody'
  /** Or the window that is no longer planned. */
  readonly checkId: string | undefined
  readonly fields: Readonly<Record<string, unknown>>
  readonly sentAt: number
  readonly answeredAt: number
  readonly status: number
  readonly answer: Readonly<Record<string, unknown>>
}

/**
 * What jobs and people were told: the record that a run is judged by, kept outside of the code
 * under test.
 */
export class Told {
  readonly pings: ToldPing[] = []
  readonly calls: ToldCall[] = []
}
