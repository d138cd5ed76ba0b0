import type { World } from './world.ts'

/** One thing to be tried: what should be seen, and what is; undefined where it can't be tried. */
export type Step = {
  readonly name: string
  readonly expected: string
  readonly run: (world: World) => Promise<string | undefined>
}

export type Seen = Omit<Step, 'run'> & { readonly seen: string | undefined }

/**
 * One after the other; one that breaks is seen as what it broke with. @param isOver asked before
 * each
 */
export async function runSteps(
  steps: readonly Step[],
  world: World,
  tell: (line: string) => void,
  isOver = () => false,
): Promise<Seen[]> {
  const all: Seen[] = []
  for (const { name, expected, run } of steps) {
    if (isOver()) break
    tell(name)
    const seen = await run(world).catch(
      (error: unknown) => `broke: ${error instanceof Error ? error.message : String(error)}`,
    )
    all.push({ name, expected, seen })
  }
  return all
}

export function isAsExpected({ expected, seen }: Seen): boolean {
  return seen === undefined || seen === expected
}

/**
 * A line for each: whether it is as expected, what was seen, and beside it what was expected where
 * that differs.
 */
export function reportOf(all: readonly Seen[]): string {
  const width = Math.max(...all.map(({ name }) => name.length))
  return all
    .map((each) => `${verdictOf(each).padEnd(8)}  ${each.name.padEnd(width)}  ${sightOf(each)}`)
    .join('\n')
}

function verdictOf(each: Seen): string {
  if (each.seen === undefined) return 'not here'
  return isAsExpected(each) ? 'yes' : 'NO'
}

function sightOf(each: Seen): string {
  const { expected, seen } = each
  if (seen === undefined) return `(${expected})`
  return isAsExpected(each) ? seen : `${seen}   EXPECTED: ${expected}`
}
