import { html } from '../html.ts'
import type { WebPage } from '../parts/frame.ts'

/** A page that says one thing, and leads back. */
export function messagePage({
  title,
  words,
}: {
  readonly title: string
  readonly words: string
}): WebPage {
  return {
    title,
    content: html`<h1>${title}</h1>
      <p>${words}</p>
      <p><a href="/app/">To the projects</a></p>`,
  }
}
