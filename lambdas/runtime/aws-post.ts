import type { SQSClient } from '@aws-sdk/client-sqs'
import { SignatureV4 } from '@smithy/signature-v4'

/** A POST to the root of a service of AWS, which is all that SNS, EventBridge and CloudWatch have for what is asked of them here. */
export type AwsPost = (service: PostedService, post: Post) => Promise<AwsAnswer>
/** As the service is spelled in its host name and in signatures; CloudWatch is `monitoring`. */
export type PostedService = 'sns' | 'events' | 'monitoring'
export type Post = { readonly headers: Readonly<Record<string, string>>; readonly body: string }
export type AwsAnswer = { readonly status: number; readonly text: string }

const TIMEOUT_MS = 10_000

/**
 * Signs as a client does that the function has anyway, with its region and credentials: a call or two are not worth one more client in the
 * bundle, which every cold start would have to load.
 */
export function makeAwsPost({ config }: SQSClient): AwsPost {
  return async (service, { headers, body }) => {
    const region = await config.region()
    const url = endpointOf(service, region)
    const { region: regionOf, credentials, sha256 } = config
    const signer = new SignatureV4({ service, region: regionOf, credentials, sha256 })
    const { headers: signed } = await signer.sign({
      method: 'POST',
      protocol: url.protocol,
      hostname: url.hostname,
      path: url.pathname,
      headers: { host: url.host, ...headers },
      body,
    })
    const answer = await fetch(url, { method: 'POST', headers: signed, body, signal: AbortSignal.timeout(TIMEOUT_MS) })
    return { status: answer.status, text: await answer.text() }
  }
}

/** Where the SDK would find the service: at the address that the environment gives, or at AWS. */
function endpointOf(service: PostedService, region: string): URL {
  const given = process.env[`AWS_ENDPOINT_URL_${namesInEnvironment[service]}`] ?? process.env['AWS_ENDPOINT_URL']
  return new URL(given ?? `https://${service}.${region}.amazonaws.com${region.startsWith('cn-') ? '.cn' : ''}`)
}

const namesInEnvironment: Readonly<Record<PostedService, string>> = { sns: 'SNS', events: 'EVENTBRIDGE', monitoring: 'CLOUDWATCH' }
