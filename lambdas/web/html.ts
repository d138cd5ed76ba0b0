import { html as markup } from 'hono/html'
import type { HtmlEscapedString } from 'hono/utils/html'

/** Markup in which everything that was put in has been escaped. */
export type Html = HtmlEscapedString

/** What may stand in markup; what is undefined or false shows nothing. */
export type Showable = Html | string | number | false | undefined | readonly Showable[]

/**
 * Markup whose values are escaped, unless they are markup themselves.
 * @throws when one is still to come: what a page shows is read before the page is made.
 */
export function html(strings: TemplateStringsArray, ...values: readonly Showable[]): Html {
  const made = markup(strings, ...values)
  if (made instanceof Promise) throw new TypeError('a page can not wait for what it shows')
  return made
}

export const nothing: Html = html``
