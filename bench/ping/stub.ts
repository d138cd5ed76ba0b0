import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { promisify } from 'node:util'

/** DynamoDB as far as one ping sees it: over TLS, and on the loopback interface. */
export type Stub = { readonly url: string; readonly certificateFile: string; stop(): Promise<void> }

const answer = JSON.stringify({
  Attributes: { n: { N: '4711' }, s: { S: 'up' }, p: { N: '1780000000000' }, d: { N: '-1' } },
})
const headers = {
  'content-type': 'application/x-amz-json-1.0',
  'content-length': Buffer.byteLength(answer),
  'x-amzn-requestid': 'QNJ5VG5S5FJ2F1TPJ0C8VJ5D8BVV4KQNSO5AEMVJF66Q9ASUAAJG',
  'x-amz-crc32': '2745614147',
}

/** @param answerMs how long each answer takes */
export async function startStub(folder: string, answerMs: number): Promise<Stub> {
  const [keyFile, certificateFile] = [join(folder, 'key.pem'), join(folder, 'certificate.pem')]
  await makeCertificate(keyFile, certificateFile)
  const [key, cert] = await Promise.all([readFile(keyFile), readFile(certificateFile)])
  const server = createServer({ key, cert, keepAliveTimeout: 60_000 }, (request, response) => {
    request.resume()
    request.on('end', () =>
      setTimeout(() => response.writeHead(200, headers).end(answer), answerMs),
    )
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const stop = async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
  return { url: `https://127.0.0.1:${port}`, certificateFile, stop }
}

/** For a day, so that no key lies in the repository. */
async function makeCertificate(keyFile: string, certificateFile: string): Promise<void> {
  const kind = [
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-days',
    '1',
    '-subj',
    '/CN=127.0.0.1',
    '-addext',
    'subjectAltName=IP:127.0.0.1',
  ]
  await promisify(execFile)('openssl', [
    'req',
    '-x509',
    ...kind,
    '-keyout',
    keyFile,
    '-out',
    certificateFile,
  ])
}
