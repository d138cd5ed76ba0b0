import { instantInWords, shortDuration, shortInstant } from '../../domain/wire/words.ts'
import { type Html, html } from '../html.ts'

/** Who reads a time: now, and by the clocks of a zone. */
export type Reader = { readonly now: number; readonly timeZone: string }

/** An instant as a distance to now, with the instant itself behind it. */
export function relativeTime(at: number, { now, timeZone }: Reader): Html {
  const distance = shortDuration(Math.floor(Math.abs(at - now) / 1000) * 1000)
  const words = Math.abs(at - now) < 1000 ? 'now' : at > now ? `in ${distance}` : `${distance} ago`
  return html`<time datetime="${textOf(at)}" title="${instantInWords(at, timeZone)}"
    >${words}</time
  >`
}

/** An instant for a column whose heading names the zone, with the distance behind it. */
export function absoluteTime(at: number, { now, timeZone }: Reader): Html {
  const distance = shortDuration(Math.abs(at - now))
  const words = at > now ? `in ${distance}` : `${distance} ago`
  return html`<time datetime="${textOf(at)}" title="${words}" data-zoned
    >${shortInstant(at, timeZone)}</time
  >`
}

function textOf(at: number): string {
  return new Date(at).toISOString()
}
