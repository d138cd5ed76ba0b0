import { SQSClient } from '@aws-sdk/client-sqs'
import { boundedCalls, type CallLimits, usualLimits } from '../../runtime/bounded-calls.ts'

export function makeQueueClient(limits: CallLimits = usualLimits): SQSClient {
  return new SQSClient(boundedCalls(limits))
}
