import type { Clock } from '../../lambdas/runtime/clock.ts'
import type { Random } from '../../lambdas/runtime/random.ts'
import { environment } from '../support/environment.ts'

/*
 * What the functions find around them when they are loaded: settings, and a clock, chance and AWS
 * that are those of whatever process runs at the moment. One runs at a time, from one scheduling
 * point to the next, so one variable says which. Import this module before any function.
 */

/** What a process can do. */
export type Running = Clock &
  Random & {
    call(call: AwsCall): Promise<object>
  }

/**
 * A call to AWS in the words of its API, or to a host of the internet; to the endpoint of pings,
 * as anybody may send them; or to the database that is mirrored.
 */
export type AwsCall = {
  readonly service:
    'dynamodb' | 'sqs' | 'ses' | 'lambda' | 'cloudwatch' | 'internet' | 'endpoint' | 'source'
  readonly operation: string
  readonly input: object
}

/** `warned` hears what functions want an operator to look at. */
export const host: {
  running: Running | undefined
  warned?: ((line: unknown) => void) | undefined
} = { running: undefined }

export function running(): Running {
  if (host.running === undefined)
    throw new Error('something runs outside of all processes of the simulation')
  return host.running
}

export const clock: Clock = {
  now: () => running().now(),
  waitUntil: (at, signal) => running().waitUntil(at, signal),
}
export const random: Random = {
  uuid: () => running().uuid(),
  bytes: (count) => running().bytes(count),
}

/* eslint-disable no-console -- no part of a run, and dearer than all else */
console.info = () => undefined
console.warn = (line: unknown) => host.warned?.(line)

Object.assign(globalThis, {
  [Symbol.for('overdue.clock')]: clock,
  [Symbol.for('overdue.random')]: random,
})

Object.assign(process.env, environment)
