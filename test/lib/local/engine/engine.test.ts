import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { expect, it } from 'vitest'

/** Starts an engine, tells where it is, hears of Ctrl-C, and ends when its input does. */
const host = `
  import { startEngine } from ${JSON.stringify(new URL('../../../../lib/local/engine/engine.ts', import.meta.url).href)}
  process.on('SIGINT', () => console.log('interrupted'))
  const engine = await startEngine()
  console.log(engine.endpoint)
  process.stdin.on('end', () => void engine.stop()).resume()
`

async function hosted() {
  const env = { ...process.env, DYNAMODB_ENDPOINT: '' }
  const child = spawn(process.execPath, ['--input-type=module', '--eval', host], {
    env,
    detached: true,
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]()
  const { value: endpoint = '' } = await lines.next()
  return { child, lines, endpoint }
}

it('outlives the Ctrl-C that whoever started it has to end in order for', async () => {
  const { child, lines, endpoint } = await hosted()

  process.kill(-(child.pid ?? NaN), 'SIGINT')
  const { value: said } = await lines.next()

  expect(said).toBe('interrupted')
  expect((await fetch(endpoint, { method: 'POST' })).status).toBeGreaterThanOrEqual(200)
  child.stdin.end()
  await once(child, 'exit')
  await expect(fetch(endpoint)).rejects.toThrow()
})

it('ends when whoever started it was killed', async () => {
  const { child, endpoint } = await hosted()

  child.kill('SIGKILL')

  await expect
    .poll(
      () =>
        fetch(endpoint).then(
          () => 'runs',
          () => 'has ended',
        ),
      { timeout: 10_000 },
    )
    .toBe('has ended')
})
