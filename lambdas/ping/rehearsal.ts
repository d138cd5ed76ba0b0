import type { APIGatewayProxyEventV2 } from 'aws-lambda'

const path = '/ping/00000000-0000-4000-8000-000000000000'
const userAgent = 'curl/8.5.0'
const sourceIp = '127.0.0.1'

/** A ping as jobs send it, for a rehearsal. No check has this UUID. */
export const rehearsedPing: APIGatewayProxyEventV2 = {
  version: '2.0',
  routeKey: '$default',
  rawPath: path,
  rawQueryString: '',
  headers: {
    accept: '*/*',
    'user-agent': userAgent,
    'x-forwarded-for': sourceIp,
    'x-forwarded-proto': 'https',
  },
  requestContext: {
    accountId: 'anonymous',
    apiId: '',
    domainName: '',
    domainPrefix: '',
    http: { method: 'GET', path, protocol: 'HTTP/1.1', sourceIp, userAgent },
    requestId: '',
    routeKey: '$default',
    stage: '$default',
    time: '',
    timeEpoch: 0,
  },
  isBase64Encoded: false,
}
