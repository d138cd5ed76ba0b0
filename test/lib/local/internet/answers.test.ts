import { beforeEach, describe, expect, it } from 'vitest'
import { answersShape, GivenAnswers } from '../../../../lib/local/internet/answers.ts'

const request = { method: 'POST', url: 'https://hook.example.com:8443/a/b?c=d' }

let answers: GivenAnswers
beforeEach(() => {
  answers = new GivenAnswers()
})

const give = (...rows: readonly object[]) => answers.add(answersShape.parse(rows))
const met = () => answers.meet(request)?.status

describe('a given answer', () => {
  it.each([
    [{ host: 'hook.example.com' }, true],
    [{ host: 'Hook.Example.com:8443' }, true],
    [{ host: 'hook.example.com:443' }, false],
    [{ host: 'example.com' }, false],
    [{ host: 'hook.example.com', path: '/a/b' }, true],
    [{ host: 'hook.example.com', path: '/a/b?c=d' }, true],
    [{ host: 'hook.example.com', path: '/a' }, false],
    [{ host: 'hook.example.com', path: '/a/b?c' }, false],
    [{ host: 'hook.example.com', method: 'post' }, true],
    [{ host: 'hook.example.com', method: 'PUT' }, false],
  ])('for %j is met: %s', (which, expected) => {
    give({ ...which, status: 500 })

    expect(met() === 500).toBe(expected)
  })

  it('is met as often as it says', () => {
    give({ host: 'hook.example.com', status: 500, times: 2 })

    expect([met(), met(), met()]).toEqual([500, 500, undefined])
  })

  it('comes behind those before it in its call, and those of later calls', () => {
    give(
      { host: 'hook.example.com', status: 500, times: 1 },
      { host: 'hook.example.com', status: 501 },
    )
    give({ host: 'hook.example.com', status: 502, times: 1 })

    expect([met(), met(), met()]).toEqual([502, 500, 501])
  })

  it('makes room for later ones', () => {
    give({ host: 'hook.example.com', status: 500 })
    give(...Array.from({ length: 1000 }, () => ({ host: 'other.example.com', status: 500 })))

    expect(met()).toBeUndefined()
  })
})

describe('what a control call gives', () => {
  const good = { host: 'hook.example.com', status: 200 }

  it.each([
    [{ headers: { 'Retry-After': '900' }, body: 'größer', latencyMs: 1.5 }],
    [{ host: '8.8.8.8:80', path: '/', status: 599, times: 1 }],
    [{ host: '[2600::1]', status: undefined, error: 'reset' }],
  ])('may be %j', (fields) => {
    expect(answersShape.safeParse([{ ...good, ...fields }])).toMatchObject({ success: true })
  })

  it.each<[readonly object[]]>([
    [[]],
    [[{ ...good, status: undefined }]],
    [[{ ...good, host: undefined }]],
    [[{ ...good, host: 'https://hook.example.com' }]],
    [[{ ...good, path: 'a' }]],
    [[{ ...good, method: 'A B' }]],
    [[{ ...good, status: 'ok' }]],
    [[{ ...good, status: 199 }]],
    [[{ ...good, status: 600 }]],
    [[{ ...good, headers: { 'a b': 'c' } }]],
    [[{ ...good, headers: { a: 'b\r\nc: d' } }]],
    [[{ ...good, headers: { 'Content-Length': '7' } }]],
    [[{ ...good, body: { a: 1 } }]],
    [[{ ...good, latencyMs: -1 }]],
    [[{ ...good, error: 'tired' }]],
    [[{ ...good, times: 0 }]],
    [[{ ...good, time: 1 }]],
    [[good, { ...good, status: 'ok' }]],
  ])('is not %j', (rows) => {
    expect(answersShape.safeParse(rows)).toMatchObject({ success: false })
  })
})
