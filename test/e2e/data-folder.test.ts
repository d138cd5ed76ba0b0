import { execFileSync } from 'node:child_process'
import { rmSync, statfsSync, writeFileSync } from 'node:fs'
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

async function call(
  { url }: OwnStack,
  path: string,
  { key, ...init }: RequestInit & { readonly key?: string } = {},
) {
  const answer = await fetch(`${url}${path}`, {
    ...init,
    headers: key === undefined ? {} : { 'X-Api-Key': key },
  })
  return {
    status: answer.status,
    json: (await answer.json().catch(() => ({}))) as Record<string, unknown>,
  }
}

const control = (on: OwnStack, path: string, json: unknown) =>
  call(on, `/_local/${path}`, { method: 'POST', body: JSON.stringify(json) })

async function keyOf(on: OwnStack): Promise<string> {
  const { json } = await call(on, '/_local/ready')
  return (json as { readonly project: { readonly apiKey: string } }).project.apiKey
}

async function timeOf(on: OwnStack): Promise<number> {
  return Date.parse(String((await call(on, '/_local/ready')).json['now']))
}

async function aCheck(on: OwnStack): Promise<string> {
  const { json } = await call(on, '/api/v3/checks/', {
    key: await keyOf(on),
    method: 'POST',
    body: '{}',
  })
  return String(json['uuid'])
}

async function pingsOf(on: OwnStack, uuid: string): Promise<unknown> {
  return (await call(on, `/api/v3/checks/${uuid}`, { key: await keyOf(on) })).json['n_pings']
}

describe('a stack on a folder, killed and started again,', () => {
  it('leaves its folder to nobody, loses no ping that it has answered, and keeps its time', async () => {
    stack = await start()
    const uuid = await aCheck(stack)
    await call(stack, `/ping/${uuid}`)
    await control(stack, 'clock', { advanceSeconds: 864_000 })
    // Those that it answers from now on wait in the queue.
    await control(stack, 'faults', [
      { service: 'dynamodb', function: 'ping', error: 'InternalServerError' },
    ])
    for (let count = 0; count < 5; count += 1)
      expect((await call(stack, `/ping/${uuid}?n=${count}`)).status).toBe(200)

    await expect(start()).rejects.toThrow('is in use: another stack runs on this folder')
    await stack.kill()
    stack = await start()
    const now = await timeOf(stack)
    await control(stack, 'settle', {})
    await control(stack, 'clock', { advanceSeconds: 3600 })

    expect(now - Date.now()).toBeGreaterThan(863_000_000)
    expect(await pingsOf(stack, uuid)).toBe(6)
  })
})

describe('a stack that is told to end', () => {
  it('does so while its clock is moved far, with a lot to do on the way', async () => {
    stack = await start()
    // While pings are not taken, no run of the sweep is skipped.
    await control(stack, 'faults', [
      { service: 'dynamodb', function: 'ping', error: 'InternalServerError' },
    ])
    await control(stack, 'clock', { advanceSeconds: 60 })
    const begun = await timeOf(stack)
    const journey = control(stack, 'clock', { advanceSeconds: 34_560_000 })
    while ((await timeOf(stack)) < begun + 120_000);

    await expect(Promise.all([journey, stack.stop()])).resolves.toBeDefined()
  })
})

/** Only root may have a disk that is this small. */
describe.skipIf(process.getuid?.() !== 0)('a full disk', () => {
  const MOUNT_BYTES = 12_000_000
  const LEFT_BYTES = 200_000
  // With fewer than the limit of a minute the stack is that of the other tests, bundled already.
  const PINGS = 55
  beforeEach(
    () => void execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${MOUNT_BYTES}`, 'tmpfs', folder]),
  )
  afterEach(async () => {
    await stack?.kill()
    // The engine is just ending, too.
    execFileSync('umount', ['--lazy', folder])
  })

  it('is answered as an error, and nothing is lost that was answered 200', async () => {
    const settings = { OVERDUE_DATA: join(folder, 'data') }
    stack = await startOwnStack(settings)
    const uuid = await aCheck(stack)
    await control(stack, 'faults', [
      { service: 'dynamodb', function: 'ping', error: 'InternalServerError' },
    ])
    const { bfree, bsize } = statfsSync(folder)
    writeFileSync(join(folder, 'filler'), Buffer.alloc(bfree * bsize - LEFT_BYTES))
    const statuses: number[] = []
    for (let count = 0; count < PINGS; count += 1) {
      statuses.push(
        (await call(stack, `/ping/${uuid}`, { method: 'POST', body: 'x'.repeat(9000) })).status,
      )
    }
    const taken = statuses.filter((status) => status === 200).length
    expect([taken > 0, statuses.at(-1)]).toEqual([true, 503])

    await stack.kill()
    rmSync(join(folder, 'filler'))
    stack = await startOwnStack(settings)
    await control(stack, 'clock', { advanceSeconds: 3600 })

    expect(await pingsOf(stack, uuid)).toBe(taken)
  })
})
