import { z } from 'zod'
import { CallError, restError, type AwsCall, type AwsService } from './aws-call.ts'
import type { LocalFunction } from '../functions/local-function.ts'
import { functionNameOf } from '../template/sources.ts'

/** The limit of accounts that are no longer new. */
const CONCURRENCY = 1000

/** Plays Lambda's API, as far as Overdue uses it: invocations, and the limit of the account. */
export function makeLambdaService(functions: ReadonlyMap<string, LocalFunction>): AwsService {
  const targetOf = (call: AwsCall) => functions.get(nameOf(call))
  return {
    accesses: (call) =>
      isOfAccount(call)
        ? [{ action: 'lambda:GetAccountSettings', resource: '*' }]
        : [{ action: 'lambda:InvokeFunction', resource: targetOf(call)?.definition.arn ?? '' }],
    resources: (call) => [isOfAccount(call) ? 'Account' : nameOf(call)],
    perform: async (call) => {
      if (isOfAccount(call)) return accountSettings
      const target = targetOf(call)
      if (target === undefined)
        throw new CallError('ResourceNotFoundException', `there is no function ${nameOf(call)}`)
      const event: unknown = call.body.length === 0 ? {} : JSON.parse(call.body.toString())
      const outcome = await target.invoke(event, 'call')
      const headers = { 'content-type': 'application/json', 'x-amz-executed-version': '$LATEST' }
      if ('payload' in outcome) return { status: 200, headers, body: outcome.payload }
      return {
        status: 200,
        headers: { ...headers, 'x-amz-function-error': 'Unhandled' },
        body: JSON.stringify(outcome.error),
      }
    },
    refuse: restError,
  }
}

function isOfAccount({ operation }: AwsCall): boolean {
  return operation === 'GetAccountSettings'
}

const accountSettings = {
  status: 200,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ AccountLimit: { ConcurrentExecutions: CONCURRENCY } }),
}

function nameOf({ input }: AwsCall): string {
  return functionNameOf(z.object({ FunctionName: z.string() }).parse(input).FunctionName)
}
