import { sum } from './figure.ts'
import type { FunctionMeter } from './local-stack.ts'

export type Units = { readonly writeUnits: number; readonly readUnits: number }

/** The units of all calls of a function, each shared among so many of what it was done for. */
export function totalsOf(meter: FunctionMeter | undefined, among = 1): Units {
  const usages = Object.values(meter?.calls ?? {}).flatMap((resources) => Object.values(resources))
  return {
    writeUnits: sum(usages.map(({ writeUnits }) => writeUnits)) / among,
    readUnits: sum(usages.map(({ readUnits }) => readUnits)) / among,
  }
}

/** How often a function made each call, which the meter names `<service>.<Operation>`. */
export type Counts = Readonly<Record<string, number>>

export function countsOf(meter: FunctionMeter | undefined): Counts {
  const calls = Object.entries(meter?.calls ?? {})
  return Object.fromEntries(
    calls.map(([name, usages]) => [name, sum(Object.values(usages).map(({ count }) => count))]),
  )
}

/** How many calls of a service a function has made. */
export function callsOf(meter: FunctionMeter | undefined, service: string): number {
  const calls = Object.entries(countsOf(meter)).filter(([name]) => name.startsWith(`${service}.`))
  return sum(calls.map(([, count]) => count))
}
