import { describe, expect, it } from 'vitest'
import { parsePingPath, parseRunId } from '../../lambdas/domain/ping-url.ts'

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
    expect(parsePingPath(path)).toEqual({ checkId: id, ...expected })
  })

  it.each([
    '/',
    '/ping',
    '/not-a-uuid',
    `/${id.toUpperCase()}`,
    `/${id.replaceAll('-', '')}`,
    `/${id}/start/`,
    `/${id}/success`,
    `/${id}/-1`,
    `/${id}//`,
    `//${id}`,
    `/ping/ping/${id}`,
    `/${id}/0x1`,
    `/${id}\n`,
  ])('%j is none', (path) => {
    expect(parsePingPath(path)).toBeUndefined()
  })
})

describe('a run ID', () => {
  it('is compared in lower case', () => {
    expect(parseRunId(id.toUpperCase())).toBe(id)
  })

  it('may be a UUID of any version', () => {
    expect(parseRunId('00000000-0000-0000-0000-000000000000')).toBe('00000000-0000-0000-0000-000000000000')
  })

  it.each(['', '12345', id.replaceAll('-', ''), `${id} `, `${id}\n`])('cannot be %j', (text) => {
    expect(parseRunId(text)).toBeUndefined()
  })
})
