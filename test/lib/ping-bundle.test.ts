import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { functionsFolder } from '../../lib/functions-folder.ts'
import { listenOnLoopback } from '../support/loopback.ts'
import { aRequest } from '../support/requests.ts'

const importing = /\bimport[ {"*]|[ }]from"/

describe('the bundle of the ping function', () => {
  const file = join(functionsFolder, 'ping/index.mjs')
  const code = readFileSync(file, 'utf8')

  it('is without the SDK', () => {
    expect(code).not.toMatch(/Smithy|smithy/)
  })

  it('imports nothing, for importing a module of Node is slow', () => {
    expect('import{isIP as a}from"node:net"').toMatch(importing)
    expect(code).not.toMatch(importing)
    expect(code).not.toContain('Dynamic require of')
  })

  it('is connected when it is loaded, and takes a ping in one write on that connection', async () => {
    const requests: string[] = []
    const connections = new Set<number | undefined>()
    const server = await listenOnLoopback((request, response) => {
      requests.push(
        `${request.method ?? ''} ${request.headers['x-amz-target']?.toString() ?? 'nothing'}`,
      )
      connections.add(request.socket.remotePort)
      response.end('{"Attributes":{"n":{"N":"1"}}}')
    })

    const status = await pinged(file, server.url)

    await server.stop()
    expect(status).toBe('200')
    expect(requests).toEqual(['GET nothing', 'POST DynamoDB_20120810.UpdateItem'])
    expect(connections.size).toBe(1)
  })
})

/** The status of the answer to the first ping of a fresh instance. */
async function pinged(bundle: string, endpoint: string): Promise<string> {
  const event = aRequest({ path: '/ping/8f3c1a52-6a0e-4b7d-9d31-2f6f5c7e9a10' })
  const script = `const { handler } = await import(${JSON.stringify(bundle)}); console.log((await handler(${JSON.stringify(event)})).statusCode)`
  const env = { ...process.env, AWS_ENDPOINT_URL_DYNAMODB: endpoint }
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--input-type=module', '--eval', script],
    { env },
  )
  return stdout.trim()
}
