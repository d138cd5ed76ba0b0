import { expect, it } from 'vitest'
import { random } from '../../lambdas/runtime/random.ts'
import type { CheckSource } from '../../lambdas/mirror/source.ts'

/** A source, and what an application does in it. */
export type Sourced = {
  readonly open: () => Promise<CheckSource>
  /** Writes a row of a project with a grace, or leaves none. */
  readonly write: (uuid: string, graceSeconds: number | undefined) => Promise<void>
}

/** What each source keeps to, the one of the simulation as the real ones. It begins empty. */
export function keepsTheContract(sourced: () => Sourced): void {
  it('notes each change, hands over the oldest first, and forgets what was taken', async () => {
    const { open, write } = sourced()
    const source = await open()
    const [one, other] = [random.uuid(), random.uuid()]
    await write(one, 60)
    await write(other, 60)
    await write(one, 90)
    await write(one, undefined)

    const changes = await source.changes(undefined, 10)
    const two = await source.changes(undefined, 2)
    const behind = await source.changes(two[1]?.id, 1)
    await source.forget(two.map(({ id }) => id))
    await source.forget(two.map(({ id }) => id))
    const left = await source.changes(undefined, 10)
    await source.forget(left.map(({ id }) => id))

    expect(changes.map(({ uuid }) => uuid)).toEqual([one, other, one, one])
    expect(two).toEqual(changes.slice(0, 2))
    expect(behind).toEqual(changes.slice(2, 3))
    expect(left).toEqual(changes.slice(2))
    expect(await source.changes(undefined, 10)).toEqual([])
    await write(other, undefined)
    await source.forget((await source.changes(undefined, 10)).map(({ id }) => id))
    await source.end()
  })

  it('shows rows as they are, by UUID and page by page, each once', async () => {
    const { open, write } = sourced()
    const source = await open()
    const uuids = Array.from({ length: 5 }, () => random.uuid()).sort()
    for (const uuid of uuids) await write(uuid, 60)

    const some = await source.rows([...uuids.slice(0, 2), random.uuid()])
    const pages = [await source.page(undefined, 2)]
    for (let page = pages.at(-1); page?.length === 2; page = pages.at(-1))
      pages.push(await source.page(String(page.at(-1)?.['uuid']), 2))

    expect(some.map((row) => row['uuid']).sort()).toEqual(uuids.slice(0, 2))
    expect(some[0]).toMatchObject({ project: 'shop', grace: 60, timeout: 3600 })
    expect(pages.map((page) => page.length)).toEqual([2, 2, 1])
    expect(pages.flat().map((row) => row['uuid'])).toEqual(uuids)
    expect(await source.rows([])).toEqual([])
    for (const uuid of uuids) await write(uuid, undefined)
    expect(await source.page(undefined, 2)).toEqual([])
    await source.forget((await source.changes(undefined, 20)).map(({ id }) => id))
    await source.end()
  })
}
