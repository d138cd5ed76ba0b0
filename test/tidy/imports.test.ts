import { dirname } from 'node:path'
import { describe, expect, it } from 'vitest'
import { type Import, importsOf, sourceIn, textOf } from './source.ts'

/**
 * Where a folder's modules may import from, besides themselves. The longest matching folder counts.
 */
const allowed: Readonly<Record<string, readonly string[]>> = {
  'lambdas/domain': [],
  'lambdas/runtime': ['lambdas/domain'],
  'lambdas/store': ['lambdas/domain', 'lambdas/runtime', 'lambdas/aws'],
  'lambdas/aws': ['lambdas/runtime'],
  'lambdas/channels': ['lambdas/domain', 'lambdas/runtime'],
  'lambdas/managing': ['lambdas/channels', 'lambdas/store', 'lambdas/domain', 'lambdas/runtime'],
  'lambdas/api': [
    'lambdas/managing',
    'lambdas/channels',
    'lambdas/store',
    'lambdas/domain',
    'lambdas/runtime',
  ],
  'lambdas/web': [
    'lambdas/managing',
    'lambdas/channels',
    'lambdas/store',
    'lambdas/domain',
    'lambdas/runtime',
  ],
  'lambdas/sync': ['lambdas/store', 'lambdas/domain', 'lambdas/runtime'],
  'lambdas/ping': ['lambdas/store', 'lambdas/domain', 'lambdas/runtime'],
  'lambdas/inbound': ['lambdas/store', 'lambdas/domain', 'lambdas/runtime'],
  'lambdas/replay': ['lambdas/ping', 'lambdas/store', 'lambdas/domain', 'lambdas/runtime'],
  'lambdas/alert': [
    'lambdas/managing',
    'lambdas/channels',
    'lambdas/store',
    'lambdas/domain',
    'lambdas/runtime',
  ],
  'lambdas/deliver': ['lambdas/channels', 'lambdas/store', 'lambdas/domain', 'lambdas/runtime'],
  'lambdas/sweep': ['lambdas/store', 'lambdas/domain', 'lambdas/runtime'],
  'lambdas/mirror': [
    'lambdas/managing',
    'lambdas/aws',
    'lambdas/store',
    'lambdas/domain',
    'lambdas/runtime',
  ],
  lambdas: [
    'lambdas/ping',
    'lambdas/alert',
    'lambdas/inbound',
    'lambdas/replay',
    'lambdas/deliver',
    'lambdas/sync',
    'lambdas/sweep',
    'lambdas/mirror',
    'lambdas/api',
    'lambdas/web',
    'lambdas/managing',
    'lambdas/channels',
    'lambdas/aws',
    'lambdas/store',
    'lambdas/domain',
    'lambdas/runtime',
  ],
  lib: [
    'lambdas/store/keys.ts',
    'lambdas/store/watching/heartbeat-attributes.ts',
    'lambdas/domain/people/email-address.ts',
    'lambdas/domain/schedule/zone-data.json',
  ],
  'lib/local': [
    'lambdas/aws',
    'lambdas/channels/played-answer.ts',
    'lambdas/channels/http.ts',
    'lambdas/channels/kinds.ts',
    'lambdas/managing',
    'lambdas/domain',
    'lambdas/store',
    'lambdas/runtime',
    'lib/setting-kinds.ts',
  ],
  bin: [
    'package.json',
    'cdk.json',
    'lambdas/aws',
    'lib',
    'lambdas/managing',
    'lambdas/channels',
    'lambdas/store',
    'lambdas/domain',
    'lambdas/runtime',
  ],
}

describe('the source', () => {
  const files = ['lambdas', 'lib', 'bin'].flatMap(sourceIn)
  const imports = files.flatMap(importsOf)

  it('is seen by this test', () => {
    expect(files).toContain('lambdas/domain/watching/heartbeat.ts')
    expect(imports).toContainEqual({
      from: 'lambdas/ping.ts',
      to: 'lambdas/store/watching/heartbeats.ts',
    })
  })

  it('imports one way only', () => {
    expect(
      imports.filter((each) => !isAllowed(each)).map(({ from, to }) => `${from} imports ${to}`),
    ).toEqual([])
  })

  it('gathers what the local stack knows of Overdue in one file, and shows it by another', () => {
    const into = (folder: string, whose: string) =>
      imports.filter(({ from, to }) => from.startsWith(whose) && to.startsWith(folder))
    const knowing = into('lambdas/store/', 'lib/local/').map(({ from }) => from)
    const shown = into('lib/local/', 'bin/').map(({ to }) => to)

    expect(new Set(knowing)).toEqual(new Set(['lib/local/overdue.ts']))
    expect(new Set(shown)).toEqual(new Set(['lib/local/start.ts']))
  })

  it('has one file for each function at the top of lambdas, and nothing else', () => {
    const functions = files.filter((file) => dirname(file) === 'lambdas')

    for (const file of functions) expect(textOf(file)).toContain('export const handler = ')
  })

  it('has no barrels, and no drawers for odds and ends', () => {
    expect(
      files.filter((file) => /(^|\/)(index|utils?|common|helpers?|misc)(\.ts|\/)/.test(file)),
    ).toEqual([])
  })

  it('names what it exports, and leaves nothing to be done later', () => {
    const remarks = new RegExp(['TO', 'DO|FIX', 'ME|X', 'XX'].join(''))

    expect(files.filter((file) => remarks.test(textOf(file)))).toEqual([])
  })
})

function isAllowed({ from, to }: Import): boolean {
  const folder = folderOf(from)
  return to.startsWith(`${folder}/`) && folderOf(to) === folder
    ? true
    : (allowed[folder] ?? []).some((other) => to === other || to.startsWith(`${other}/`))
}

/** The longest of the folders above that a file lies in. */
function folderOf(file: string): string {
  const folders = Object.keys(allowed).filter((name) => file.startsWith(`${name}/`))
  return folders.reduce((longest, name) => (name.length > longest.length ? name : longest), '')
}
