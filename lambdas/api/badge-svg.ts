import { html } from 'hono/html'
import { oneLine } from '../domain/wire/plain-text.ts'

export type BadgeText = { readonly label: string; readonly message: string; readonly color: string }

const PADDING = 6

/** A flat badge: a label on grey, a message on a colour. The template escapes every value. */
export async function badgeSvg({ label, message, color }: BadgeText): Promise<string> {
  const [left, right] = [boxed(oneLine(label), 0), boxed(message, boxed(oneLine(label), 0).width)]
  const title = `${left.text}: ${right.text}`
  const svg = await html`<svg
    xmlns="http://www.w3.org/2000/svg"
    width="${left.width + right.width}"
    height="20"
    role="img"
    aria-label="${title}"
  >
    <title>${title}</title>
    <clipPath id="round"><rect width="${left.width + right.width}" height="20" rx="3" /></clipPath>
    <g clip-path="url(#round)">
      <rect width="${left.width}" height="20" fill="#555" />
      <rect x="${left.width}" width="${right.width}" height="20" fill="${color}" />
    </g>
    <g fill="#fff" font-family="Verdana,Geneva,DejaVu Sans,sans-serif" font-size="11">
      <text x="${left.x}" y="14" textLength="${left.textWidth}">${left.text}</text>
      <text x="${right.x}" y="14" textLength="${right.textWidth}">${right.text}</text>
    </g>
  </svg> `
  return svg.toString()
}

/**
 * Text with room around it. A font other than the one that was measured is stretched to the same
 * width.
 */
function boxed(text: string, start: number) {
  const textWidth = Math.ceil(
    Array.from(text).reduce((sum, character) => sum + widthOf(character), 0),
  )
  return { text, textWidth, x: start + PADDING, width: textWidth + 2 * PADDING }
}

/**
 * How wide 11 pixels of Verdana are, rounded: near enough for a badge, and no font is shipped for
 * it.
 */
const widths: readonly (readonly [pixels: number, characters: RegExp])[] = [
  [3, /[ijl']/],
  [4, /[ frtI!,.]/],
  [5, /[J()/:;|[\]"\\-]/],
  [6, /[cszLP?]/],
  [7, /[a-zEFTYZ0-9$*_{}`]/],
  [9, /[DGHMNOQU#+<=>^~]/],
  [11, /[W@%\u1100-\uffff]|[^\0-\uffff]/u],
]

function widthOf(character: string): number {
  if (character === 'm') return 11
  if (character === 'w') return 9
  return widths.find(([, pattern]) => pattern.test(character))?.[0] ?? 8
}
