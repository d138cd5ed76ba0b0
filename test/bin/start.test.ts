import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'

let root: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'overdue-test-'))
  mkdirSync(join(root, 'bin'))
  cpSync(join(import.meta.dirname, '../../bin/start.js'), join(root, 'bin/start.mjs'))
})
afterEach(() => rmSync(root, { recursive: true }))

const start = (...options: readonly string[]) =>
  spawnSync(process.execPath, [...options, join(root, 'bin/start.mjs')], { encoding: 'utf8' })

it('a start without its packages says so in one line', () => {
  expect(start()).toMatchObject({
    status: 1,
    stderr: 'overdue: its packages are missing; run npm ci first\n',
  })
})

it('a start by a Node that runs no TypeScript says so in one line', () => {
  mkdirSync(join(root, 'node_modules/aws-cdk-lib'), { recursive: true })

  const { status, stderr } = start('--no-strip-types')

  expect([status, stderr]).toEqual([
    1,
    expect.stringMatching(
      /^overdue: Node 24[\d.]+ cannot run this; npm ci brings Node 24 along, .+\n$/,
    ),
  ])
})
