import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { DataFolder } from '../../../lib/local/data-folder.ts'
import { StartError } from '../../../lib/local/start-error.ts'

let root: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'overdue-test-'))
})
afterEach(() => rmSync(root, { recursive: true }))

const project = { id: 'p', apiKey: 'w', apiKeyReadonly: 'r', pingKey: 'k', email: 'me@example.com' }

describe('a data folder', () => {
  it('keeps the first project and the state of the stack, for the eyes of its owner only', async () => {
    const path = join(root, 'new/folder')
    const folder = await DataFolder.open(path)
    const state = { offsetMs: 5, positions: { record: { shard: '7' } }, queues: { Flips: [] } }
    expect([await folder.readProject(), await folder.readState()]).toEqual([undefined, undefined])

    await folder.writeProject(project)
    await folder.writeState(state)

    const again = await DataFolder.open(path)
    expect([await again.readProject(), await again.readState()]).toEqual([project, state])
    expect((statSync(path).mode & 0o777).toString(8)).toBe('700')
    for (const name of readdirSync(path)) expect((statSync(join(path, name)).mode & 0o777).toString(8)).toBe('600')
  })

  it.each([
    ['first-project.json', '{'],
    ['first-project.json', '{"id":"p"}'],
    ['state.json', '[]'],
  ])('with a %s of %s keeps the stack from starting, in one line', async (name, text) => {
    writeFileSync(join(root, name), text)

    const error: unknown = await DataFolder.open(root).catch((reason: unknown) => reason)

    expect(error).toBeInstanceOf(StartError)
    expect(String(error)).toMatch(new RegExp(`${name} is broken: [^\\n]+$`))
  })

  it('that is a file keeps the stack from starting', async () => {
    const path = join(root, 'file')
    writeFileSync(path, '')

    await expect(DataFolder.open(path)).rejects.toThrow(/^OVERDUE_DATA takes a folder that can be written, got /)
  })
})
