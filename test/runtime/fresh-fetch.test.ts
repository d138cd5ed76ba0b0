import { afterEach, describe, expect, it } from 'vitest'
import { freshFetch } from '../../lambdas/runtime/fresh-fetch.ts'
import { type Loopback, listenOnLoopback } from '../support/loopback.ts'

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
})
