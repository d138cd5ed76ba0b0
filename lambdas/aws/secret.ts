import * as z from 'zod'
import { boundedCalls, type CallLimits } from '../runtime/bounded-calls.ts'
import { Service } from './service.ts'

const answerShape = z.object({ SecretString: z.string() })

/** Asked at most once a minute, so a kept connection would have died. */
const limits: CallLimits = {
  connectionTimeoutMs: 1000,
  requestTimeoutMs: 5000,
  maxAttempts: 2,
  isConnectedAnew: true,
}

/** What a secret of Secrets Manager says. */
export function secretText(arn: string): Promise<string> {
  const service = new Service('secretsmanager', boundedCalls(limits))
  const request = {
    path: '/',
    headers: {
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': 'secretsmanager.GetSecretValue',
    },
    body: JSON.stringify({ SecretId: arn }),
  }
  return service.call(request, ({ text }) => answerShape.parse(JSON.parse(text)).SecretString)
}
