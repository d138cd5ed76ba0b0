import * as z from 'zod'
import { boundedCalls, type CallLimits } from '../runtime/bounded-calls.ts'
import { Service } from './service.ts'

const settingsShape = z.object({ AccountLimit: z.object({ ConcurrentExecutions: z.number() }) })

/** Asked once a day, so a kept connection would have died. */
const limits: CallLimits = {
  connectionTimeoutMs: 1000,
  requestTimeoutMs: 5000,
  maxAttempts: 2,
  isConnectedAnew: true,
}

/** How many functions the account may run at a time in this region. */
export function readConcurrencyLimit(): Promise<number> {
  const service = new Service('lambda', boundedCalls(limits))
  const request = {
    method: 'GET',
    path: '/2016-08-19/account-settings/',
    headers: {},
    body: '',
  } as const
  return service.call(
    request,
    ({ text }) => settingsShape.parse(JSON.parse(text)).AccountLimit.ConcurrentExecutions,
  )
}
