import { readdirSync, readFileSync } from 'node:fs'

/*
 * From Linux's /proc, because it is other processes whose time is wanted. Time on a processor, not
 * time by the clock: waiting for the engine, or for others on a busy machine, is not in it.
 */

/** The ids of the children of a process that have a variable of this value in their environment. */
export function childrenOf(parentId: number, variable: string, value: string): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((id) => isChild(id, parentId) && environmentOf(id).includes(`${variable}=${value}`))
}

/** How long all threads of a process have been on a processor. */
export function cpuMsOf(processId: number): number {
  const threads = readdirSync(`/proc/${processId}/task`)
  const nanoseconds = threads.map((thread) =>
    Number(read(`/proc/${processId}/task/${thread}/schedstat`).split(' ')[0]),
  )
  return nanoseconds.reduce((sum, each) => sum + each, 0) / 1e6
}

function isChild(id: number, parentId: number): boolean {
  // The name before it is in brackets, and may hold anything.
  const fields = read(`/proc/${id}/stat`).split(') ').at(-1)?.split(' ')
  return Number(fields?.[1]) === parentId
}

function environmentOf(id: number): readonly string[] {
  return read(`/proc/${id}/environ`).split('\0')
}

/** Empty for a process that has ended since it was listed, or that is somebody else's. */
function read(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}
