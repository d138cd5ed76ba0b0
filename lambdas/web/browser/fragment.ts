/** The part of the browser's Trusted Types that is used here. */
type TrustedTypes = {
  createPolicy(
    name: string,
    rules: { createHTML(text: string): string },
  ): { createHTML(text: string): string }
}

const { trustedTypes } = globalThis as { readonly trustedTypes?: TrustedTypes }

/** Markup comes from the dashboard alone, which has escaped what it shows. */
const policy = trustedTypes?.createPolicy('overdue', { createHTML: (text) => text })

/** A part of a page, as the dashboard has answered it. */
export type Fragment = {
  readonly content: DocumentFragment
  readonly tag: string | null
  readonly asOf: string | null
}

/** An answer that is not a part of a page. */
export class FragmentError extends Error {
  readonly status: number

  constructor(status: number) {
    super(`answered ${status}`)
    this.status = status
  }
}

const LONGEST_WAIT_MS = 20_000

/**
 * Asks the dashboard for a part of a page.
 * @param tag of what is known of it already
 * @returns only when it was true if it is still what is known
 * @throws FragmentError
 */
export async function askFor(
  url: string,
  { tag, signal }: { readonly tag?: string | null; readonly signal?: AbortSignal } = {},
): Promise<Fragment | { readonly asOf: string | null }> {
  const response = await fetch(url, {
    headers: tag == null ? {} : { 'If-None-Match': tag },
    cache: 'no-store',
    // A session that has ended leads elsewhere.
    redirect: 'error',
    signal: AbortSignal.any([AbortSignal.timeout(LONGEST_WAIT_MS), ...(signal ? [signal] : [])]),
  })
  const asOf = response.headers.get('X-As-Of') ?? response.headers.get('Date')
  if (response.status === 304) return { asOf }
  if (!response.ok) throw new FragmentError(response.status)
  const template = document.createElement('template')
  const text = await response.text()
  template.innerHTML = policy === undefined ? text : policy.createHTML(text)
  return { content: template.content, tag: response.headers.get('ETag'), asOf }
}
