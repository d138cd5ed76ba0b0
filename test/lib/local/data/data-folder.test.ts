import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { DataFolder } from '../../../../lib/local/data/data-folder.ts'
import { StartError } from '../../../../lib/local/start-error.ts'

let root: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'overdue-test-'))
})
afterEach(() => rmSync(root, { recursive: true }))

const project = { id: 'p', apiKey: 'w', apiKeyReadonly: 'r', pingKey: 'k', email: 'me@example.com' }
const message = {
  id: 'm',
  body: 'b',
  attributes: {},
  sentAt: 1,
  visibleAt: 2,
  receives: 0,
  receipt: '',
}

/** A folder as a stack leaves it behind. */
async function aFolder(): Promise<void> {
  const folder = await DataFolder.open(root, 'binary')
  writeFileSync(folder.database, '', { mode: 0o600 })
  await folder.writeProject(project)
  folder.close()
}

async function problemOf(path: string): Promise<string> {
  const error: unknown = await DataFolder.open(path, 'binary').then(
    (folder) => folder.close(),
    (reason: unknown) => reason,
  )
  expect(error).toBeInstanceOf(StartError)
  return (error as StartError).message
}

describe('a data folder', () => {
  it('keeps the first project and the state of the stack, for the eyes of its owner only', async () => {
    const path = join(root, 'new/folder')
    const folder = await DataFolder.open(path, 'binary')
    expect(await folder.readProject()).toBeUndefined()
    writeFileSync(folder.database, '', { mode: 0o600 })
    await folder.writeProject(project)
    folder.state.keepMessage('Flips', message)
    folder.state.keepPositions('record', { shard: '7' })
    folder.close()

    const again = await DataFolder.open(path, 'binary')

    expect(await again.readProject()).toEqual(project)
    expect([again.state.messagesOf('Flips'), again.state.positionsOf('record')]).toEqual([
      [message],
      { shard: '7' },
    ])
    expect((statSync(path).mode & 0o777).toString(8)).toBe('700')
    for (const name of readdirSync(path))
      expect((statSync(join(path, name)).mode & 0o777).toString(8)).toBe('600')
    again.close()
  })

  it('is for the engine that wrote it', async () => {
    await aFolder()

    await expect(DataFolder.open(root, 'model')).rejects.toThrow(
      'was written by the engine binary, not model; give another folder',
    )
  })

  it('is for one stack at a time', async () => {
    const folder = await DataFolder.open(root, 'binary')

    expect(await problemOf(root)).toMatch(
      /stack\.sqlite is in use: another stack runs on this folder$/,
    )
    folder.close()
    ;(await DataFolder.open(root, 'binary')).close()
  })

  it.each(['stack.sqlite', 'first-project.json', 'dynamodb.sqlite'])(
    'without its %s keeps the stack from starting',
    async (name) => {
      await aFolder()
      rmSync(join(root, name))

      expect(await problemOf(root)).toMatch(
        new RegExp(`${name} is missing, but .+ is there; put it back, or give another folder$`),
      )
    },
  )

  it('is begun again when its first start did not come to its end', async () => {
    const folder = await DataFolder.open(root, 'binary')
    writeFileSync(folder.database, 'half of it')
    folder.state.keepMessage('Flips', message)
    folder.close()

    const again = await DataFolder.open(root, 'binary')

    expect(readdirSync(root)).not.toContain('dynamodb.sqlite')
    expect([await again.readProject(), again.state.messagesOf('Flips')]).toEqual([undefined, []])
    again.close()
  })

  it.each([
    ['first-project.json', '{'],
    ['first-project.json', '{"id":"p"}'],
    [
      'stack.sqlite',
      'no database, but text that is long enough to be taken for the head of one'.repeat(10),
    ],
  ])('with a %s of %s keeps the stack from starting, in one line', async (name, text) => {
    await aFolder()
    writeFileSync(join(root, name), text)

    expect(await problemOf(root)).toMatch(new RegExp(`${name} is broken: [^\\n]+$`))
  })

  it('that is a file keeps the stack from starting', async () => {
    const path = join(root, 'file')
    writeFileSync(path, '')

    expect(await problemOf(path)).toMatch(/^OVERDUE_DATA takes a folder that can be written, got /)
  })
})
