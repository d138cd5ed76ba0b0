import { LambdaClient } from '@aws-sdk/client-lambda'
import { Signer } from '../../../lambdas/aws/signer.ts'
import { boundedCalls, usualLimits } from '../../../lambdas/runtime/bounded-calls.ts'
import { clock } from '../../../lambdas/runtime/clock.ts'
import { ask } from './asked.ts'

const ARN = /^arn:aws[a-z-]*:secretsmanager:([a-z]{2}[a-z0-9-]+):\d{12}:secret:[\w/+=.@-]+$/
const TIMEOUT_MS = 10_000
/** A secret has 64 KB at most; escaped as JSON, six times that. */
const MOST_BYTES = 400_000

/**
 * Reads a secret, with the credentials that the SDK finds: those of the environment, a profile, a
 * container or a machine. A client of Secrets Manager is not needed for one call.
 * @throws with what AWS says, never with the secret
 */
export async function readSecret(arn: string): Promise<string> {
  const region = ARN.exec(arn)?.[1]
  if (region === undefined) throw new Error(`${arn} is no ARN of a secret`)
  const credentials = await new LambdaClient({
    region,
    ...boundedCalls(usualLimits),
  }).config.credentials()
  const host = `secretsmanager.${region}.${suffixOf(region)}`
  const url = new URL(process.env['AWS_ENDPOINT_URL_SECRETS_MANAGER'] ?? `https://${host}/`)
  const body = JSON.stringify({ SecretId: arn })
  const headers = new Signer({
    service: 'secretsmanager',
    region,
    credentials: plain(credentials),
  }).sign(
    {
      method: 'POST',
      path: '/',
      headers: {
        host: url.host,
        'content-type': 'application/x-amz-json-1.1',
        'x-amz-target': 'secretsmanager.GetSecretValue',
      },
      body,
    },
    clock.now(),
  )
  const { status, text } = await ask(url, {
    method: 'POST',
    headers,
    body: Buffer.from(body),
    timeoutMs: TIMEOUT_MS,
    mostBytes: MOST_BYTES,
  })
  const { SecretString, __type: type = '' } = answered(text)
  if (status !== 200 || typeof SecretString !== 'string')
    throw new Error(`Secrets Manager answers ${status} ${String(type).replace(/^.*#/, '')}`.trim())
  return SecretString
}

function suffixOf(region: string): string {
  return region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com'
}

type Found = Awaited<ReturnType<LambdaClient['config']['credentials']>>

function plain({ accessKeyId, secretAccessKey, sessionToken }: Found) {
  return { accessKeyId, secretAccessKey, ...(sessionToken !== undefined && { sessionToken }) }
}

function answered(text: string): Readonly<Record<string, unknown>> {
  try {
    return JSON.parse(text) as Readonly<Record<string, unknown>>
  } catch {
    return {}
  }
}
