import type { IncomingHttpHeaders } from 'node:http'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { readSecret } from '../../../bin/operate/run/secret.ts'
import { listenOnLoopback, type Loopback } from '../../support/loopback.ts'

const arn = 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:overdue/jobs-AbCdEf'

type Answer = { readonly status: number; readonly text: string }

let server: Loopback
let answer: Answer
let asked: { readonly headers: IncomingHttpHeaders; readonly body: unknown }[]

beforeEach(async () => {
  asked = []
  answer = { status: 200, text: JSON.stringify({ SecretString: 'OVERDUE_PING_KEY=a-key' }) }
  server = await listenOnLoopback(({ headers }, response, body) => {
    asked.push({ headers, body: JSON.parse(body) as unknown })
    response.writeHead(answer.status).end(answer.text)
  })
  vi.stubEnv('AWS_ENDPOINT_URL_SECRETS_MANAGER', `${server.url}/`)
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIDEXAMPLE')
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'not-to-be-sent')
  vi.stubEnv('AWS_SESSION_TOKEN', 'a-session')
})
afterEach(async () => {
  vi.unstubAllEnvs()
  await server.stop()
})

describe('a secret of AWS', () => {
  it('is asked for in its own region, signed with the credentials that are there', async () => {
    expect(await readSecret(arn)).toBe('OVERDUE_PING_KEY=a-key')

    expect(asked).toMatchObject([
      {
        body: { SecretId: arn },
        headers: {
          'x-amz-target': 'secretsmanager.GetSecretValue',
          'x-amz-security-token': 'a-session',
          authorization: expect.stringMatching(
            /^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/\d{8}\/eu-west-1\/secretsmanager\/aws4_request, /,
          ) as unknown,
        },
      },
    ])
    expect(JSON.stringify(asked)).not.toContain('not-to-be-sent')
  })

  it.each([
    [
      { status: 400, text: '{"__type":"com.amazonaws#ResourceNotFoundException"}' },
      '400 ResourceNotFoundException',
    ],
    [{ status: 400, text: '{"__type":"AccessDeniedException"}' }, '400 AccessDeniedException'],
    [{ status: 503, text: '<html>' }, '503'],
    [{ status: 200, text: '{"SecretBinary":"a2V5"}' }, '200'],
    [{ status: 200, text: '{"SecretString":"a-key' }, '200'],
  ])('that is not had says what AWS answers, and nothing more: %j', async (given, words) => {
    answer = given

    await expect(readSecret(arn)).rejects.toThrow(new Error(`Secrets Manager answers ${words}`))
  })

  it.each(['a-key', 'arn:aws:s3:::bucket', `${arn}\n`, arn.replace('eu-west-1', 'evil.com/x')])(
    'is known by its ARN alone: %j',
    async (other) => {
      await expect(readSecret(other)).rejects.toThrow('is no ARN of a secret')
      expect(asked).toEqual([])
    },
  )
})
