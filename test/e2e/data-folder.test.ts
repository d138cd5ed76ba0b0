import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type OwnStack, startOwnStack } from '../support/own-stack.ts'

let folder: string
let stack: OwnStack | undefined
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'overdue-test-'))
})
afterEach(async () => {
  await stack?.kill()
  await rm(folder, { recursive: true })
})

const start = () => startOwnStack({ OVERDUE_DATA: folder })

async function call({ url }: OwnStack, path: string, { key, ...init }: RequestInit & { readonly key?: string } = {}) {
  const answer = await fetch(`${url}${path}`, { ...init, headers: key === undefined ? {} : { 'X-Api-Key': key } })
  return { status: answer.status, json: (await answer.json().catch(() => ({}))) as Record<string, unknown> }
}

const control = (on: OwnStack, path: string, json: unknown) => call(on, `/_local/${path}`, { method: 'POST', body: JSON.stringify(json) })

async function keyOf(on: OwnStack): Promise<string> {
  const { json } = await call(on, '/_local/ready')
  return (json as { readonly project: { readonly apiKey: string } }).project.apiKey
}

async function aCheck(on: OwnStack): Promise<string> {
  const { json } = await call(on, '/api/v3/checks/', { key: await keyOf(on), method: 'POST', body: '{}' })
  return String(json['uuid'])
}

async function pingsOf(on: OwnStack, uuid: string): Promise<unknown> {
  return (await call(on, `/api/v3/checks/${uuid}`, { key: await keyOf(on) })).json['n_pings']
}

describe('a stack that was killed', () => {
  it('has lost no ping that it had answered, those in the queue included', async () => {
    stack = await start()
    const uuid = await aCheck(stack)
    await call(stack, `/ping/${uuid}`)
    await control(stack, 'faults', [{ service: 'dynamodb', function: 'ping', error: 'InternalServerError' }])
    for (let count = 0; count < 5; count += 1) expect((await call(stack, `/ping/${uuid}?n=${count}`)).status).toBe(200)

    await stack.kill()
    stack = await start()
    await control(stack, 'settle', {})
    await control(stack, 'clock', { advanceSeconds: 3600 })

    expect(await pingsOf(stack, uuid)).toBe(6)
  })

  it('goes on from the time that it had told', async () => {
    stack = await start()
    await control(stack, 'clock', { advanceSeconds: 864_000 })

    await stack.kill()
    stack = await start()

    const { json } = await call(stack, '/_local/ready')
    expect(Date.parse(String(json['now'])) - Date.now()).toBeGreaterThan(863_000_000)
  })
})

it('a folder that a stack runs on is refused to another', async () => {
  stack = await start()

  await expect(start()).rejects.toThrow('is in use: another stack runs on this folder')
})
