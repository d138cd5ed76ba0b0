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

/** The most checks of a project unless its operator says otherwise. One answer lists them all. */
export const defaultCheckLimit = 10_000
