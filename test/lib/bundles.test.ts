import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { functionsFolder } from '../../lib/functions-folder.ts'

/**
 * What the bundle of a function may weigh: what it does, to the next thousand. Each cold start
 * loads it, so raise one knowingly.
 */
const mostBytes: Readonly<Record<string, number>> = {
  alert: 339_000,
  api: 447_000,
  bounce: 496_000,
  deliver: 311_000,
  drill: 525_000,
  inbound: 1_146_000,
  // Half of that are two databases' clients, a fifth RDS's certificates and charsets.
  mirror: 1_820_000,
  ping: 60_000,
  provision: 272_000,
  record: 28_300,
  relay: 19_000,
  replay: 428_000,
  sweep: 265_000,
  sync: 636_000,
  // Of that 85,000 are time zones and 108,000 zod, by which forms are held to what the API takes.
  web: 576_000,
}

describe('the bundles that are shipped', () => {
  it('are those of all functions, each no larger than it is known to be', () => {
    const bytes = Object.fromEntries(
      readdirSync(functionsFolder)
        .filter((name) => name !== 'package.json')
        .map((name) => [name, bytesIn(join(functionsFolder, name))]),
    )
    const tooLarge = Object.entries(bytes).filter(([name, size]) => size > (mostBytes[name] ?? 0))

    expect(Object.fromEntries(tooLarge)).toEqual({})
    expect(Object.keys(bytes).sort()).toEqual(Object.keys(mostBytes).sort())
  })
})

function bytesIn(folder: string): number {
  return readdirSync(folder).reduce((sum, file) => sum + bytesOf(join(folder, file)), 0)
}

/** Of what is loaded; pages' script and style lie in a folder below. */
function bytesOf(path: string): number {
  const entry = statSync(path)
  return entry.isFile() ? entry.size : 0
}
