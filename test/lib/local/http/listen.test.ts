import { describe, expect, it } from 'vitest'
import { listen } from '../../../../lib/local/http/listen.ts'
import { StartError } from '../../../../lib/local/start-error.ts'

describe('a port', () => {
  it('that is in use is named', async () => {
    const first = await listen(
      0,
      () => Promise.resolve(),
      () => undefined,
    )

    const second: unknown = await listen(
      first.port,
      () => Promise.resolve(),
      () => undefined,
    ).catch((error: unknown) => error)

    expect(second).toEqual(new StartError(`the port ${first.port} is in use; set PORT to another`))
    await first.close()
  })

  it('answers 500 and reports when a request fails', async () => {
    const reports: string[] = []
    const listener = await listen(
      0,
      () => Promise.reject(new Error('no luck')),
      (text) => reports.push(text),
    )

    const response = await fetch(`http://127.0.0.1:${listener.port}/`)

    expect([response.status, await response.json()]).toEqual([500, { error: 'no luck' }])
    expect(reports[0]).toContain('no luck')
    await listener.close()
  })
})
