import type { IncomingMessage } from 'node:http'
import { describe, expect, it } from 'vitest'
import type { AwsCall } from '../../../../lib/local/services/aws-call.ts'
import { readCall } from '../../../../lib/local/services/aws-request.ts'
import { makeSqsService } from '../../../../lib/local/services/sqs-service.ts'

const authorization = 'AWS4-HMAC-SHA256 Credential=Ping/20260101/us-east-1/sqs/aws4_request'

function read(target: string) {
  return readCall(
    { headers: { authorization, 'x-amz-target': target } } as unknown as IncomingMessage,
    '/',
    Buffer.from('{}'),
  )
}

describe('a call to AWS', () => {
  it('names its service, its operation and its caller', () => {
    expect(read('AmazonSQS.SendMessage')).toMatchObject({
      service: 'sqs',
      operation: 'SendMessage',
      caller: 'Ping',
      input: {},
    })
  })

  it.each(['Nobody', '__proto__', 'constructor', 'toString'])('to %s is refused', (service) => {
    expect(read(`${service}.SendMessage`)).toMatchObject({
      status: 400,
      headers: { 'x-amzn-errortype': 'UnknownOperationException' },
    })
  })

  it.each(['AddPermission', '__proto__', 'constructor', 'toString'])(
    'of SQS for %s is refused',
    (operation) => {
      const call = read(`AmazonSQS.${operation}`) as AwsCall

      expect(() => makeSqsService(new Map()).perform(call)).toThrow(
        `the local stack does not play sqs.${operation}`,
      )
    },
  )
})
