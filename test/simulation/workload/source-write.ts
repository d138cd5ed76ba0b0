/** What an application wrote: the grace of a row, or that it is gone; and when that was noted. */
export type SourceWrite = {
  readonly uuid: string
  readonly at: number
  readonly graceSeconds: number | undefined
  /** Absent where no trigger saw it. */
  readonly notedAt?: number
}
