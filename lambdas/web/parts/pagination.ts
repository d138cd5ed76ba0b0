import { type Html, html } from '../html.ts'

/** A part of a list: the numbers of its first and last, of how many, and where the others are. */
export type Part = {
  readonly first: number
  readonly last: number
  readonly total: number
  readonly previous?: string
  readonly next?: string
}

export function pagination({ first, last, total, previous, next }: Part): Html {
  return html`<nav class="pages" aria-label="Pages">
    <span>${total === 0 ? '0' : `${number(first)}–${number(last)}`} of ${number(total)}</span>
    ${previous !== undefined && html`<a rel="prev" href="${previous}">‹ Previous</a>`}
    ${next !== undefined && html`<a rel="next" href="${next}">Next ›</a>`}
  </nav>`
}

function number(count: number): string {
  return count.toLocaleString('en')
}
