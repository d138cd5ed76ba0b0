import type { APIGatewayProxyEventV2 } from 'aws-lambda'

type RequestFields = {
  readonly method?: string
  readonly path?: string
  readonly query?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly domainName?: string
  readonly sourceIp?: string
  readonly requestId?: string
  readonly body?: string
  readonly isBase64Encoded?: boolean
}

/** A request as a function URL hands it to a function (payload version 2.0). */
export function aRequest(fields: RequestFields): APIGatewayProxyEventV2 {
  const {
    method = 'GET',
    path = '/',
    query = '',
    headers = {},
    domainName = 'overdue.example.com',
    sourceIp = '198.51.100.7',
    requestId = 'request-1',
  } = fields
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath: path,
    rawQueryString: query,
    headers: { ...headers },
    requestContext: {
      accountId: 'anonymous',
      apiId: 'api',
      domainName,
      domainPrefix: domainName.split('.')[0] ?? '',
      http: {
        method,
        path,
        protocol: 'HTTP/1.1',
        sourceIp,
        userAgent: headers['user-agent'] ?? '',
      },
      requestId,
      routeKey: '$default',
      stage: '$default',
      time: '01/Jan/2026:00:00:00 +0000',
      timeEpoch: Date.UTC(2026, 0, 1),
    },
    isBase64Encoded: fields.isBase64Encoded ?? false,
    ...(fields.body === undefined ? {} : { body: fields.body }),
  }
}
