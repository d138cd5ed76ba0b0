import { SQSClient } from '@aws-sdk/client-sqs'
import { SignatureV4 } from '@smithy/signature-v4'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Credentials, type Signable, Signer } from '../../lambdas/aws/signer.ts'

const { sha256 } = new SQSClient().config

const text = (characters: string) =>
  fc.string({ unit: fc.constantFrom(...Array.from(characters)), minLength: 1, maxLength: 40 })
const key = text('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789/+=')

const credentials: fc.Arbitrary<Credentials> = fc.record(
  { accessKeyId: text('ABCDEFGHIJ0123456789'), secretAccessKey: key, sessionToken: key },
  { requiredKeys: ['accessKeyId', 'secretAccessKey'] },
)
const requests: fc.Arbitrary<Signable> = fc.record({
  method: fc.constantFrom('GET', 'POST'),
  path: fc
    .array(fc.string().map(encodeURIComponent), { minLength: 1 })
    .map((parts) => `/${parts.filter((part) => part !== '' && !/^\.+$/.test(part)).join('/')}`),
  headers: fc.record({
    host: fc.constantFrom('dynamodb.eu-west-1.amazonaws.com', '127.0.0.1:4566'),
    'content-type': fc.constant('application/x-amz-json-1.0'),
    'x-amz-target': text('ABCabc_.0123456789'),
  }),
  body: fc.string({ unit: 'grapheme', maxLength: 200 }),
})
const instants = fc.integer({ min: Date.UTC(2026, 0, 1), max: Date.UTC(2099, 11, 31) })

describe('a signature', () => {
  it('is the one that the SDK makes', async () => {
    await fc.assert(
      fc.asyncProperty(credentials, requests, instants, async (credentials, request, at) => {
        const scope = { service: 'dynamodb', region: 'eu-west-1', credentials }
        const [hostname = '', port] = request.headers['host']?.split(':') ?? []
        const wanted = {
          ...request,
          protocol: 'https:',
          hostname,
          ...(port === undefined ? {} : { port: Number(port) }),
          query: {},
        }

        const { headers } = await new SignatureV4({ ...scope, sha256, applyChecksum: false }).sign(
          wanted,
          { signingDate: new Date(at) },
        )

        expect(new Signer(scope).sign(request, at)).toEqual(headers)
      }),
    )
  })

  it('is made with the key of its day', () => {
    const scope = {
      service: 'sqs',
      region: 'us-east-1',
      credentials: { accessKeyId: 'id', secretAccessKey: 'secret' },
    }
    const request = {
      method: 'POST',
      path: '/',
      headers: { host: 'sqs.us-east-1.amazonaws.com' },
      body: '{}',
    }
    const [evening, morning] = [Date.UTC(2026, 10, 22, 23, 59, 59), Date.UTC(2026, 10, 23)]
    const signer = new Signer(scope)

    const signed = [evening, morning, evening].map((at) => signer.sign(request, at))

    expect(signed).toEqual(
      [evening, morning, evening].map((at) => new Signer(scope).sign(request, at)),
    )
    expect(signed[0]).not.toEqual(signed[1])
  })
})
