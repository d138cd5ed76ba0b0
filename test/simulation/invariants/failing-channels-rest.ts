import { circuitFailures, circuitPauseMs } from '../../../lambdas/domain/telling/circuit.ts'
import type { CallNote } from '../process.ts'
import type { HostCall } from '../platform/webhook-host.ts'
import type { Invariant, Run } from '../invariant.ts'

/** How far behind a look at a channel may be, and how much later than it the call comes. */
const STALE_MS = 1500
const SLOW_MS = 10_000

/** A webhook that failed several times in a row is called once a minute, until it answers well. */
export const failingChannelsRest: Invariant = {
  name: 'failing channels rest',
  find: (run) =>
    [...Map.groupBy(run.deployment.webhookHost.calls, channelOf).values()].flatMap((calls) =>
      hurried(run, calls),
    ),
}

function hurried({ world }: Run, arrived: readonly HostCall[]): readonly string[] {
  const calls = arrived.toSorted((one, other) => madeAt(one) - madeAt(other))
  const shortestMs = circuitPauseMs - SLOW_MS - 2 * world.faults.maxSkewMs
  const forgiven = calls.flatMap((call) => notesIn(call, 'sent'))
  let open: readonly number[] = []
  return calls.flatMap((call, index) => {
    const previous = calls[index - 1]
    const openSince = open.toSorted((one, other) => one - other)[circuitFailures - 1] ?? Infinity
    const areBoth =
      previous !== undefined &&
      startOf(previous) > openSince + STALE_MS &&
      startOf(call) > openSince + STALE_MS
    const wasForgiven = forgiven.some(
      (at) => at >= (open[0] ?? Infinity) && at <= startOf(call) + SLOW_MS,
    )
    const isHurried = areBoth && !wasForgiven && madeAt(call) - madeAt(previous) < shortestMs
    open = call.isTaken ? [] : [...open, ...notesIn(call, 'waiting')]
    return isHurried
      ? [`a webhook is called again after ${madeAt(call) - madeAt(previous)} ms`]
      : []
  })
}

/** When a call was made: what was long on its way may come when its sender has given it up. */
function madeAt({ at, by }: HostCall): number {
  return by.calls.find(({ service }) => service === 'internet')?.at ?? at
}

function startOf({ by }: HostCall): number {
  return by.calls[0]?.at ?? 0
}

function channelOf({ tells }: HostCall): string {
  return tells[0]?.split(' ').at(-1) ?? ''
}

/** When it was noted what came of a call. */
function notesIn({ by }: HostCall, state: 'waiting' | 'sent'): readonly number[] {
  return by.calls.flatMap((call) => (isNote(call, state) ? (call.effectAt ?? []) : []))
}

function isNote({ input }: CallNote, state: 'waiting' | 'sent'): boolean {
  const { Key, ExpressionAttributeValues: values } = input as {
    readonly Key?: Readonly<Record<string, { readonly S?: string }>>
    readonly ExpressionAttributeValues?: Readonly<Record<string, { readonly S?: string }>>
  }
  return Key?.['entry']?.S === 'outcome' && values?.[':state']?.S === state
}
