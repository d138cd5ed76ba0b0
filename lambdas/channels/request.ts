import type { HttpRequest } from '../domain/telling/webhook-request.ts'

/** A URL with more in its query. What is there already stays as it is, to the letter. */
export function withQuery(url: string, parameters: Readonly<Record<string, string>>): string {
  const added = new URLSearchParams(parameters).toString()
  return `${url}${url.includes('?') ? '&' : '?'}${added}`
}

/** A request with JSON in its body. */
export function jsonPost(
  url: string,
  payload: object,
  headers: Readonly<Record<string, string>> = {},
): HttpRequest {
  return {
    method: 'POST',
    url,
    headers: { 'Content-Type': 'application/json', ...headers },
    body: JSON.stringify(payload),
  }
}
