import { Dice } from '../dice.ts'
import type { Run } from '../invariant.ts'
import type { Parts } from '../parts.ts'
import type { SourceWrite } from './source-write.ts'

const MINUTE_MS = 60_000
/** Far from all other seeds: what is drawn of a source changes no other draw. */
const SOURCE_SEEDS = 5 * 2 ** 47
const ROWS = 3
const NAME = 'sourced'

/** In some runs a project has checks of a database, whose application changes them. */
export function startSource(run: Run, { attachments }: Pick<Parts, 'attachments'>): void {
  const { seed, world, owned } = run
  const dice = new Dice(seed + SOURCE_SEEDS)
  if (!dice.chance(0.12)) return
  const { projectId } = dice.pick(owned)
  const attach = async () => {
    if ((await attachments.attach({ projectId, name: NAME })) !== 'attached')
      throw new Error('the project is not attached')
  }
  world.timeline.add(world.now, () => {
    world.start({ name: 'operator' }, attach, ({ state }, result) => {
      if (state === 'failed') throw result
    })
  })
  run.sourced = []
  writeNow(run, { uuid: dice.uuid(), graceSeconds: 60 }, 0)
  changeRows(run, dice)
  run.deployment.mirrors.begin()
}

/** An application that changes its rows, and often changes them back at once. */
function changeRows(run: Run, dice: Dice): void {
  const { world, endAt } = run
  const uuids = Array.from({ length: ROWS }, () => dice.uuid())
  for (let count = dice.between(6, 20); count > 0; count -= 1) {
    const at = dice.between(world.now, endAt)
    const uuid = dice.pick(uuids)
    const graceSeconds = [60, 90, undefined][dice.between(0, 2)]
    const [backMs, isBack] = [dice.between(20, 3000), dice.chance(0.5)]
    // As a trigger that missed it, that saw it late, or that saw it.
    const notes = [undefined, dice.between(1, 3 * MINUTE_MS), 0, 0, 0, 0][dice.between(0, 5)]
    world.timeline.add(at, () => {
      const before = run.deployment.source.all.get(uuid)
      writeNow(run, { uuid, graceSeconds }, notes)
      if (isBack)
        world.after(backMs, () => {
          const was = before?.['grace']
          writeNow(run, { uuid, graceSeconds: typeof was === 'number' ? was : undefined }, 0)
        })
    })
  }
}

/** @param afterMs when a trigger notes it; undefined: never */
function writeNow(
  run: Run,
  { uuid, graceSeconds }: Pick<SourceWrite, 'uuid' | 'graceSeconds'>,
  afterMs: number | undefined,
): void {
  const { world, deployment, sourced } = run
  const { source } = deployment
  const row = { project: NAME, name: `row ${uuid.slice(0, 4)}`, timeout: 3600 }
  source.hasTriggers = false
  source.write(uuid, graceSeconds === undefined ? undefined : { ...row, grace: graceSeconds })
  world.note(undefined, `the source says ${graceSeconds} of ${uuid}`)
  const notedAt = afterMs === undefined ? undefined : world.now + afterMs
  sourced?.push({ uuid, at: world.now, graceSeconds, ...(notedAt && { notedAt }) })
  if (afterMs === 0) source.note(uuid)
  else if (afterMs !== undefined) world.after(afterMs, () => source.note(uuid))
}
