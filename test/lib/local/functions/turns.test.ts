import { expect, it } from 'vitest'
import { Turns } from '../../../../lib/local/functions/turns.ts'
import { turns as pass } from '../batches.ts'

it('lets as many go on as it may, in the order in which they came, and goes on behind one that fails', async () => {
  const turns = new Turns(2)
  const begun: number[] = []
  const ends: (() => void)[] = []
  const work = (number: number) =>
    new Promise<number>((resolve, reject) => {
      begun.push(number)
      ends.push(() => (number === 2 ? reject(new Error('two')) : resolve(number)))
    })

  const all = [1, 2, 3, 4].map((number) =>
    turns.take(() => work(number)).catch((error: unknown) => error),
  )
  await pass()
  expect(begun).toEqual([1, 2])
  ends[1]?.()
  await pass()
  expect(begun).toEqual([1, 2, 3])
  ends[0]?.()
  await pass()
  for (const end of ends) end()

  expect(await Promise.all(all)).toEqual([1, new Error('two'), 3, 4])
  expect(begun).toEqual([1, 2, 3, 4])
})
