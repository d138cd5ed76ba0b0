import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parsePingPath } from '../../../lambdas/domain/watching/ping-url.ts'

const id = '7d3a1c54-9a0f-4b7e-8a4e-0f5a6b7c8d9e'

describe('a ping path', () => {
  it.each([
    [`/${id}`, { signal: 'success' }],
    [`/${id}/`, { signal: 'success' }],
    [`/ping/${id}`, { signal: 'success' }],
    [`/ping/${id}/`, { signal: 'success' }],
    [`/${id}/start`, { signal: 'start' }],
    [`/${id}/fail`, { signal: 'fail' }],
    [`/${id}/log`, { signal: 'log' }],
    [`/${id}/0`, { signal: 'success', exitStatus: 0 }],
    [`/${id}/000`, { signal: 'success', exitStatus: 0 }],
    [`/${id}/007`, { signal: 'fail', exitStatus: 7 }],
    [`/${id}/255`, { signal: 'fail', exitStatus: 255 }],
    [`/${id}/256`, { signal: 'invalid-exit-status' }],
    [`/${id}/99999999999999999999`, { signal: 'invalid-exit-status' }],
  ])('%s says what it says', (path, expected) => {
    expect(parsePingPath(path)).toEqual({ addressee: { checkId: id }, ...expected })
  })

  it.each([
    ['/key/backup', 'key', 'backup', { signal: 'success' }],
    ['/ping/key/backup', 'key', 'backup', { signal: 'success' }],
    ['/Key-_9/back-up_9/start', 'Key-_9', 'back-up_9', { signal: 'start' }],
    ['/key/backup/fail', 'key', 'backup', { signal: 'fail' }],
    ['/key/backup/log', 'key', 'backup', { signal: 'log' }],
    ['/key/backup/0', 'key', 'backup', { signal: 'success', exitStatus: 0 }],
    ['/key/backup/3', 'key', 'backup', { signal: 'fail', exitStatus: 3 }],
    ['/key/backup/256', 'key', 'backup', { signal: 'invalid-exit-status' }],
    ['/key/start', 'key', 'start', { signal: 'success' }],
    ['/ping/key/start', 'key', 'start', { signal: 'success' }],
    ['/key/7', 'key', '7', { signal: 'success' }],
    [`/${id}/success`, id, 'success', { signal: 'success' }],
    [`/${id}/-1`, id, '-1', { signal: 'success' }],
    [`/${id}/0x1`, id, '0x1', { signal: 'success' }],
    [`/key/${'s'.repeat(100)}`, 'key', 's'.repeat(100), { signal: 'success' }],
    ['/ping/ping/backup', 'ping', 'backup', { signal: 'success' }],
    ['/k%65y/my%2Dslug/%73tart', 'key', 'my-slug', { signal: 'start' }],
    ['/%70ing/key%2Fback%5fup', 'key', 'back_up', { signal: 'success' }],
  ])('%s names a slug', (path, pingKey, slug, expected) => {
    expect(parsePingPath(path)).toEqual({ addressee: { pingKey, slug }, ...expected })
  })

  it.each([
    '/key/Backup',
    '/ping/key/Backup/start',
    '/key/%42ackup',
    `/key/${'S'.repeat(200)}`,
    '/key/Backup/256',
  ])('%s has no valid slug', (path) => {
    expect(parsePingPath(path)).toBe('invalid-slug')
  })

  it.each([
    '/',
    '/ping',
    '/not-a-uuid',
    `/${id.toUpperCase()}`,
    `/${id.replaceAll('-', '')}`,
    `/${id}/start/`,
    `/${id}//`,
    `//${id}`,
    '/key/backup/',
    '/key/a.b',
    '/key/backup/success',
    '/key/backup/start/',
    `/ping/${id.toUpperCase()}`,
    '/ping/backup',
    '/key/my%252Dslug',
    '/key/my%2slug',
    '/key/my%ffslug',
    `/${'k'.repeat(101)}/backup`,
    `/${id}\n`,
  ])('%j is none', (path) => {
    expect(parsePingPath(path)).toBeUndefined()
  })
})

describe('the path of a ping', () => {
  it.each([
    `/key/${'s'.repeat(101)}`,
    `/ping/key/${'s'.repeat(500)}/start`,
    `/key/%73${'s'.repeat(100)}`,
  ])('%s has too long a slug', (path) => {
    expect(parsePingPath(path)).toBe('long-slug')
  })

  it('says the same however it is encoded', () => {
    const path = fc.constantFrom(
      `/${id}/start`,
      `/ping/${id}`,
      '/ping/key/my-slug/7',
      '/key/Backup',
      '/ping',
      `/ping/${id.toUpperCase()}`,
    )
    fc.assert(
      fc.property(path, fc.array(fc.boolean()), (plain, isEncoded) => {
        const encoded = Array.from(plain).map((letter, at) =>
          isEncoded[at] && at > 0 ? `%${letter.charCodeAt(0).toString(16)}` : letter,
        )

        expect(parsePingPath(encoded.join(''))).toEqual(parsePingPath(plain))
      }),
    )
  })
})
