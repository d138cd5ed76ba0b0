/**
 * What the API's version decides: whether a name makes a slug, and how a run under way is shown.
 */
export type ApiVersion = 1 | 2 | 3

/** Where a request came in, which the URLs in its answer lead back to. */
export type Site = {
  /** Scheme and host, without a slash at its end. */
  readonly root: string
  readonly version: ApiVersion
  /** Without a slash at its end. */
  readonly pingEndpoint: string
}
