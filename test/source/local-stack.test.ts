import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { runCommand } from '../../bin/operate/command.ts'
import { type OwnStack, startOwnStack } from '../support/own-stack.ts'
import { makeTerminal } from '../support/terminal.ts'
import { insertion, makeJobsTable } from './jobs-table.ts'
import { products } from './products.ts'
import { type Server, startServer } from './server.ts'

const meterShape = z.object({ functions: z.record(z.string(), z.object({ calls: z.unknown() })) })

// A file without a test would be a failure.
it.runIf(products().length === 0)('has no database to mirror here', () => {
  expect(products()).toEqual([])
})

describe.each(products())('the local stack with $engine', (product) => {
  let server: Server
  let stack: OwnStack
  const ends: (() => Promise<void>)[] = []

  beforeAll(async () => {
    server = await startServer(product)
    ends.push(() => server.stop())
    await makeJobsTable(server, product.engine)
    stack = await startOwnStack({ OVERDUE_SOURCE: server.url })
    ends.push(() => stack.stop())
  })
  afterAll(async () => {
    for (const end of ends.reverse()) await end()
  })

  async function overdue(...args: readonly string[]) {
    const terminal = makeTerminal()
    const status = await runCommand([...args, '--local', stack.url], terminal)
    return { status, ...terminal.seen() }
  }

  async function control(path: string, body?: object): Promise<unknown> {
    const init = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }
    const answer = await fetch(`${stack.url}/_local/${path}`, init)
    return answer.json()
  }

  async function ping(uuid: string): Promise<number> {
    return (await fetch(`${stack.url}/ping/${uuid}`)).status
  }

  /** What a ping of a check asks of AWS. */
  async function callsOfPing(uuid: string): Promise<unknown> {
    await control('settle', {})
    await fetch(`${stack.url}/_local/meter`, { method: 'DELETE' })
    expect(await ping(uuid)).toBe(200)
    return meterShape.parse(await control('meter')).functions['ping']?.calls
  }

  it('mirrors it each minute, and at once when it is told to; a ping never asks it', async () => {
    const { projects } = z
      .object({ projects: z.array(z.object({ id: z.string() })) })
      .parse(JSON.parse((await overdue('project', 'list', '--json')).out))
    const attached = await overdue('source', 'attach', projects[0]?.id ?? '', '--as', 'shop')
    const { statement, uuids } = insertion([{ project: 'shop', name: 'one' }, { project: 'shop' }])
    const [one = '', other = ''] = uuids
    await server.ask(statement)

    expect(attached).toMatchObject({ status: 0, err: '' })
    expect(await overdue('source', 'now')).toMatchObject({
      status: 0,
      out: expect.stringContaining('Took 2 changes, and compared 2 rows: 0 checks were') as string,
    })
    expect(await ping(one)).toBe(200)
    const calls = await callsOfPing(other)
    expect(calls).toEqual({
      'dynamodb.UpdateItem': {
        Heartbeats: expect.objectContaining({ count: 1, readUnits: 0 }) as object,
      },
    })

    await server.ask(`DELETE FROM jobs WHERE id = '${one}'`)
    await control('clock', { advanceSeconds: 61 })
    expect(await ping(one)).toBe(404)
    const status = await overdue('source', 'status')
    expect(status.out).toContain('All rows are taken.')

    const [bad = ''] = insertion([{ project: 'shop', schedule: '61 * * * *' }]).uuids
    await server.ask(insertion([{ project: 'shop', uuid: bad, schedule: '61 * * * *' }]).statement)
    expect((await overdue('source', 'now')).out).toContain("1 rows can't be taken")
    expect((await overdue('source', 'status')).out).toMatch(
      new RegExp(`${bad} +shop +\\S+ +schedule is not a valid cron or OnCalendar expression`),
    )

    await server.kill()
    expect(await callsOfPing(other)).toEqual(calls)
    expect(await overdue('source', 'now')).toMatchObject({ status: 1, out: '' })
    await server.start()
    const again = insertion([{ project: 'shop', uuid: one }])
    await server.ask(again.statement)
    await control('clock', { advanceSeconds: 61 })
    expect(await ping(one)).toBe(200)
  })
})
