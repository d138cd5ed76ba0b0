import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

const css = readFileSync(join(import.meta.dirname, '../../lambdas/web/browser/app.css'), 'utf8')

const pair = /--([a-z-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)/g

const colours = new Map(
  [...css.matchAll(pair)].map(([, name = '', light = '', dark = '']) => [name, { light, dark }]),
)

function colour(name: string, theme: 'light' | 'dark'): string {
  const found = colours.get(name)?.[theme]
  if (found === undefined) throw new Error(`no colour is called ${name}`)
  return found
}

/** The contrast of two colours (WCAG 2.2, 1.4.3). */
function contrast(one: string, other: string): number {
  const [less = 0, more = 0] = [luminance(one), luminance(other)].toSorted((a, b) => a - b)
  return (more + 0.05) / (less + 0.05)
}

function luminance(text: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(text.slice(at, at + 2), 16) / 255
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

const statuses = ['up', 'late', 'down', 'paused', 'new']
const texts = ['ink', 'soft', 'accent', ...statuses]

/** What text stands on what, and how far the two must differ. */
const pairs: readonly (readonly [text: string, ground: string, least: number])[] = [
  ...texts.flatMap((text) => ['paper', 'ground'].map((ground) => [text, ground, 4.5] as const)),
  ...['paper', 'ground'].map((ground) => ['edge', ground, 3] as const),
  ['on-accent', 'accent', 4.5],
  ['ink', 'accent-wash', 4.5],
  ['accent', 'accent-wash', 4.5],
  ['ink', 'down-wash', 4.5],
  ['accent', 'down-wash', 4.5],
  ['down', 'down-wash', 4.5],
  ['ink', 'late-wash', 4.5],
  ['late', 'late-wash', 4.5],
  ['ink', 'up-wash', 4.5],
]

describe.each(['light', 'dark'] as const)('in the %s theme', (theme) => {
  it.each(pairs)('%s is told apart on %s', (text, ground, least) => {
    expect(contrast(colour(text, theme), colour(ground, theme))).toBeGreaterThanOrEqual(least)
  })
})
