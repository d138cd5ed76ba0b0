/**
 * The caller's mistake, or what the caller must hear: answered as it is, and nothing else happens.
 */
export class HttpError extends Error {
  readonly status: 400 | 401 | 403 | 404 | 405 | 409 | 413 | 422 | 429 | 503

  constructor(status: HttpError['status'], message: string) {
    super(message)
    this.name = 'HttpError'
    this.status = status
  }
}
