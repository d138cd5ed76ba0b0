import type { FunctionMeter } from './local-stack.ts'

export type Units = { readonly writeUnits: number; readonly readUnits: number }

/** The units of all calls of a function, each shared among so many of what it was done for. */
export function totalsOf(meter: FunctionMeter | undefined, among = 1): Units {
  const usages = Object.values(meter?.calls ?? {}).flatMap((resources) => Object.values(resources))
  return {
    writeUnits: usages.reduce((sum, { writeUnits }) => sum + writeUnits, 0) / among,
    readUnits: usages.reduce((sum, { readUnits }) => sum + readUnits, 0) / among,
  }
}

/** How many calls of a service a function has made. */
export function callsOf(meter: FunctionMeter | undefined, service: string): number {
  const calls = Object.entries(meter?.calls ?? {}).filter(([name]) => name.startsWith(`${service}.`))
  return calls.flatMap(([, resources]) => Object.values(resources)).reduce((sum, { count }) => sum + count, 0)
}
