import type { Context } from 'hono'
import { badgeStatusOf, type BadgeStatus, type Tally } from '../domain/people/badge.ts'
import type { BadgeFormat } from '../domain/people/badge-urls.ts'
import { badgeSvg } from './badge-svg.ts'

export type Badge = {
  readonly label: string
  readonly tally: Tally
  readonly showsLate: boolean
  readonly now: number
}

/** Colours as shields.io names them, and as its badges have them. */
const colors: Readonly<Record<BadgeStatus, { readonly name: string; readonly code: string }>> = {
  up: { name: 'success', code: '#4c1' },
  late: { name: 'important', code: '#fe7d37' },
  down: { name: 'critical', code: '#e05d44' },
  planned: { name: 'informational', code: '#007ec6' },
}

/**
 * A badge in one of its formats. Nobody on the way may keep it: a stale badge is
 * wrong.
 */
export async function answerBadge(
  context: Context,
  format: BadgeFormat,
  { label, tally, showsLate, now }: Badge,
): Promise<Response> {
  const status = badgeStatusOf(tally, { showsLate })
  context.header('Cache-Control', 'max-age=0, no-cache, no-store, must-revalidate, private')
  context.header('Expires', new Date(now).toUTCString())
  switch (format) {
    case 'json':
      return context.json({ status, ...countsIn(tally, showsLate) })
    case 'shields':
      return context.json({ schemaVersion: 1, label, message: status, color: colors[status].name })
    case 'svg':
      // It shows a label from outside, and nothing in it may load or run anything, however it is
      // opened.
      context.header('Content-Security-Policy', "default-src 'none'")
      return context.body(
        await badgeSvg({ label, message: status, color: colors[status].code }),
        200,
        { 'Content-Type': 'image/svg+xml' },
      )
  }
}

/** How many are in a window is told where a window has a word. */
function countsIn({ planned, ...counts }: Tally, showsLate: boolean): object {
  return showsLate && planned !== undefined ? { ...counts, planned: planned.total } : counts
}
