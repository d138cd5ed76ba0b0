/**
 * One instance of a function: loads the bundle that it is given, and calls it when it is told to.
 * What is measured is measured here.
 */
import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'
import type { FromInstance, Load, ToInstance } from './function-instance.ts'

type Handler = (event: object) => Promise<unknown>

const [file = ''] = process.argv.slice(2)
// Many, as in life: a function refuses those of one check that come too often.
const checks = Array.from({ length: 1000 }, (_, index) => uuidOf(index))
const load = started()
const { handler } = (
  file.endsWith('.mjs') ? await import(pathToFileURL(file).href) : createRequire(file)(file)
) as { handler: Handler }
tell({ kind: 'loaded', load: load() })
process.on('message', ({ calls }: ToInstance) => void run(calls))
process.on('disconnect', () => process.exit())

async function run(calls: number): Promise<void> {
  const events = Array.from({ length: calls }, eventOf)
  const end = started()
  const milliseconds: number[] = []
  for (const event of events) {
    const from = performance.now()
    const answer = await handler(event)
    milliseconds.push(performance.now() - from)
    if ((answer as { statusCode?: number } | undefined)?.statusCode === 503)
      throw new Error('the function refused a ping')
  }
  tell({ kind: 'called', load: end(), milliseconds })
}

/** What goes by from here on, of time and of a processor. */
function started(): () => Load {
  const [from, used] = [performance.now(), process.cpuUsage()]
  return () => {
    const { user, system } = process.cpuUsage(used)
    return { milliseconds: performance.now() - from, cpuMicroseconds: user + system }
  }
}

/** Not by `node:crypto`: what a function loads of it is part of its start. */
function uuidOf(number: number): string {
  return `00000000-0000-4000-8000-${number.toString(16).padStart(12, '0')}`
}

function tell(message: FromInstance): void {
  process.send?.(message)
}

function eventOf(): object {
  const check = checks[Math.floor(Math.random() * checks.length)] ?? ''
  const time = new Date()
  const sourceIp = '198.51.100.7'
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath: `/ping/${check}`,
    rawQueryString: '',
    headers: {
      'x-amzn-tls-cipher-suite': 'TLS_AES_128_GCM_SHA256',
      'x-amzn-tls-version': 'TLSv1.3',
      'x-amzn-trace-id': 'Root=1-5e6722a7-cc56xmpl46db7ae02d4da47e',
      'x-forwarded-for': sourceIp,
      'x-forwarded-port': '443',
      'x-forwarded-proto': 'https',
      accept: '*/*',
      host: 'abcdefghij.lambda-url.us-east-1.on.aws',
      'user-agent': 'curl/8.5.0',
    },
    requestContext: {
      accountId: 'anonymous',
      apiId: 'abcdefghij',
      domainName: 'abcdefghij.lambda-url.us-east-1.on.aws',
      domainPrefix: 'abcdefghij',
      http: {
        method: 'GET',
        path: `/ping/${check}`,
        protocol: 'HTTP/1.1',
        sourceIp,
        userAgent: 'curl/8.5.0',
      },
      requestId: uuidOf(time.getTime()),
      routeKey: '$default',
      stage: '$default',
      time: time.toUTCString(),
      timeEpoch: time.getTime(),
    },
    isBase64Encoded: false,
  }
}
