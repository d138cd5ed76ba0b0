import { PassThrough } from 'node:stream'
import { expect, it } from 'vitest'
import { makeAsk } from '../../bin/operate/asking.ts'

function aTerminal(isTTY = true) {
  const [input, output] = [new PassThrough(), new PassThrough()]
  const ends = [Object.assign(input, { isTTY }), Object.assign(output, { isTTY: true })] as const
  let shown = ''
  output.on('data', (bytes: Buffer) => (shown += bytes.toString()))
  return { input, ask: makeAsk(...ends), shown: () => shown }
}

it('a question is shown, and what is typed', async () => {
  const { input, ask, shown } = aTerminal()

  const answer = ask?.('room?\n> ', { isHidden: false })
  input.write('ops\r')

  expect(await answer).toBe('ops')
  expect(shown()).toContain('room?\n> ')
  expect(shown()).toContain('ops')
})

it('a secret is not shown as it is typed', async () => {
  const { input, ask, shown } = aTerminal()

  const answer = ask?.('key?\n> ', { isHidden: true })
  input.write('canx\u007fary\r')

  expect(await answer).toBe('canary')
  expect(shown()).toBe('key?\n> \n')
})

it.each(['\u0003', '\u0004'])('who breaks off with %j enters nothing', async (key) => {
  const { input, ask } = aTerminal()

  const answer = ask?.('room?\n> ', { isHidden: false })
  input.write(key)

  await expect(answer).rejects.toThrow('nothing was entered')
})

it('nobody is asked where there is no terminal', () => {
  expect(aTerminal(false).ask).toBeUndefined()
})
