import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Child } from '../child.ts'
import { sum } from '../figure.ts'
import type { Counts } from '../metered.ts'
import type { Used } from '../used.ts'
import { attributesOf } from './sizes.ts'

/** How often it is measured, by fresh processes each time. */
const ROUNDS = 5

/**
 * Milliseconds of CPU that as many bare calls take as functions have made, of each round. There is
 * a process for each function, and they make their calls side by side, as the functions did.
 */
export async function floorsOf(made: readonly Counts[]): Promise<readonly number[]> {
  const server = createServer((request, response) => {
    request.resume().on('end', () => response.end(answerOf(request.url ?? '')))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const stubUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const floors: number[] = []
  try {
    while (floors.length < ROUNDS)
      floors.push(sum(await Promise.all(made.map((counts) => cpuOf(stubUrl, counts)))))
    return floors
  } finally {
    server.close()
  }
}

/** @param path the bytes that are wanted */
function answerOf(path: string): string {
  return JSON.stringify(attributesOf(Number(path.slice(1))))
}

async function cpuOf(stubUrl: string, counts: Counts): Promise<number> {
  const [child] = await Child.start('alert/bare-calls.ts', {
    args: [stubUrl, JSON.stringify(counts)],
  })
  try {
    return ((await child.ask({})) as Used).cpuMs
  } finally {
    child.stop()
  }
}
