/**
 * Who owns checks and channels. Its API keys are stored as hashes only, its ping key as it is: it
 * is part of URLs.
 */
export type Project = {
  readonly id: string
  readonly name: string
  readonly pingKey: string
  /** Signs the URLs of badges, and is never shown. */
  readonly badgeKey: string
  readonly checkLimit: number
  readonly createdAt: number
}

export type Access = 'read-write' | 'read-only'

/**
 * How many checks a project may have unless its operator says otherwise; they are all listed in one
 * answer.
 */
export const defaultCheckLimit = 10_000
