import dns from 'node:dns'
import { isIP } from 'node:net'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { freshFetch } from '../../lambdas/runtime/fresh-fetch.ts'
import { startFarHost } from '../support/far-host.ts'
import { type Loopback, listenOnLoopback } from '../support/loopback.ts'

/** Has all names lead to these addresses. */
function leadTo(addresses: readonly string[]): void {
  const all = addresses.map((address) => ({ address, family: isIP(address) }))
  vi.spyOn(dns, 'lookup').mockImplementation(((
    _name: string,
    _options: object,
    answer: (error: null, found: typeof all) => void,
  ) => answer(null, all)) as typeof dns.lookup)
}

let server: Loopback | undefined
afterEach(() => server?.stop())

describe('freshFetch', () => {
  it('leaves no connection behind that might be dead by the next time', async () => {
    const ports = new Set<number | undefined>()
    server = await listenOnLoopback((request, response) => {
      ports.add(request.socket.remotePort)
      response.end(`${request.headers['user-agent'] ?? ''} ${request.headers.connection ?? ''}`)
    })

    for (let call = 0; call < 3; call += 1) {
      const answer = await freshFetch(server.url, { headers: { 'user-agent': 'overdue' } })
      expect(await answer.text()).toBe('overdue close')
    }

    expect(ports.size).toBe(3)
  })

  it('reaches a host with addresses of both families that is far away', async () => {
    const host = await startFarHost()
    leadTo(['127.0.0.1', '::1'])

    const answer = await freshFetch(`http://far.test:${host.port}/`)

    expect(await answer.text()).toBe('far')
    await host.stop()
  })
})
