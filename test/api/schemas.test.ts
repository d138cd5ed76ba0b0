import { describe, expect, it } from 'vitest'
import { parseBody } from '../../lambdas/api/body.ts'
import { HttpError } from '../../lambdas/api/http-error.ts'
import { parseFlipsRange } from '../../lambdas/api/schemas.ts'
import { parseCheckFields } from '../../lambdas/managing/fields/check-shape.ts'
import { FieldError } from '../../lambdas/managing/fields/field-error.ts'
import { start } from '../support/builders.ts'

function refusalOf(act: () => unknown): string {
  try {
    act()
  } catch (error) {
    if (error instanceof FieldError) return error.message
    if (error instanceof HttpError) return `${error.status} ${error.message}`
    throw error
  }
  return 'accepted'
}

const parsed = (json: string) => parseCheckFields(parseBody(Buffer.from(json)))
const long = (length: number) => 'n'.repeat(length)
const notASchedule = 'schedule is not a valid cron or OnCalendar expression'

describe('check fields', () => {
  it.each([
    ['{"timeout": 59}', 'timeout is too small'],
    ['{"timeout": 0}', 'timeout is too small'],
    ['{"timeout": -0}', 'timeout is too small'],
    ['{"timeout": true}', 'timeout is too small'],
    ['{"grace": false}', 'grace is too small'],
    ['{"grace": -5}', 'grace is too small'],
    ['{"timeout": 31536001}', 'timeout is too large'],
    ['{"timeout": 100000000000000000000}', 'timeout is too large'],
    ['{"timeout": 60.0}', 'timeout is not a number'],
    ['{"timeout": 6e2}', 'timeout is not a number'],
    ['{"timeout": "60"}', 'timeout is not a number'],
    ['{"timeout": null}', 'timeout is not a number'],
    ['{"timeout": []}', 'timeout is not a number'],
    ['{"name": false}', 'name is not a string'],
    ['{"name": null}', 'name is not a string'],
    ['{"name": 1.5}', 'name is not a string'],
    [`{"name": "${long(101)}"}`, 'name is too long'],
    ['{"desc": 5}', 'desc is not a string'],
    [`{"desc": "${long(10_001)}"}`, 'desc is too long'],
    ['{"tags": null}', 'tags is not a string'],
    [`{"tags": "${long(501)}"}`, 'tags is too long'],
    ['{"slug": "Uppercase"}', 'slug does not match pattern'],
    ['{"slug": "a b"}', 'slug does not match pattern'],
    [`{"slug": "${long(101)}"}`, 'slug is too long'],
    ['{"schedule": null}', 'schedule is not a string'],
    ['{"schedule": ""}', notASchedule],
    ['{"schedule": "bad-expression"}', notASchedule],
    ['{"schedule": "@daily"}', notASchedule],
    ['{"schedule": "0 0 31 2 *"}', notASchedule],
    ['{"schedule": "1999-12-31"}', notASchedule],
    [`{"schedule": "${'0,'.repeat(50)}0 * * * *"}`, 'schedule is too long'],
    ['{"tz": ""}', 'tz is not a valid timezone'],
    ['{"tz": "europe/riga"}', 'tz is not a valid timezone'],
    [`{"tz": "${long(1000)}"}`, 'tz is not a valid timezone'],
    ['{"tz": null}', 'tz is not a string'],
    ['{"manual_resume": "surprise"}', 'manual_resume is not a boolean'],
    ['{"filter_subject": 1}', 'filter_subject is not a boolean'],
    ['{"filter_default_fail": null}', 'filter_default_fail is not a boolean'],
    ['{"methods": "GET"}', 'methods has unexpected value'],
    ['{"methods": "post"}', 'methods has unexpected value'],
    ['{"methods": null}', 'methods has unexpected value'],
    ['{"subject": false}', 'subject is not a string'],
    [`{"subject_fail": "${long(201)}"}`, 'subject_fail is too long'],
    [`{"success_kw": "${long(201)}"}`, 'success_kw is too long'],
    ['{"channels": ["*"]}', 'channels is not a string'],
    ['{"unique": "name"}', 'unique is not an array'],
    ['{"unique": null}', 'unique is not an array'],
    ['{"unique": ["status"]}', "an item in 'unique' has unexpected value"],
    ['{"unique": ["name", 1.5]}', "an item in 'unique' has unexpected value"],
  ])('refuse %s', (json, error) => {
    expect(refusalOf(() => parsed(json))).toBe(error)
  })

  it.each([
    ['{"tz": 5, "name": 5}', 'name is not a string'],
    ['{"unique": 5, "tz": 5, "timeout": 5, "tags": 5}', 'tags is not a string'],
    ['{"grace": 5, "filter_subject": 5, "filter_body": 5}', 'filter_body is not a boolean'],
    ['{"failure_kw": 5, "desc": 5, "channels": 5}', 'channels is not a string'],
  ])('tell the first error of %s in the order of the fields', (json, error) => {
    expect(refusalOf(() => parsed(json))).toBe(error)
  })

  it.each([
    ['{}', {}],
    ['{"unknown": null, "other": 1.5}', {}],
    ['{"timeout": 60, "grace": 31536000}', { timeout: 60, grace: 31_536_000 }],
    [`{"name": "${long(100)}"}`, { name: long(100) }],
    [`{"name": "${'🦆'.repeat(100)}"}`, { name: '🦆'.repeat(100) }],
    [`{"desc": "${'🦆'.repeat(10_000)}"}`, { desc: '🦆'.repeat(10_000) }],
    ['{"slug": ""}', { slug: '' }],
    ['{"schedule": " 5 * * * * "}', { schedule: { kind: 'cron', expression: ' 5 * * * * ' } }],
    ['{"schedule": "12:34"}', { schedule: { kind: 'oncalendar', expression: '12:34' } }],
    ['{"tz": "Europe/Kiev"}', { tz: 'Europe/Kyiv' }],
    ['{"unique": []}', { unique: [] }],
  ])('take %s', (json, expected) => {
    expect(parsed(json)).toEqual(expected)
  })
})

describe('a body', () => {
  it.each([
    ['text', Buffer.from('this is not json')],
    ['a form', Buffer.from('api_key=x&name=y')],
    ['NaN', Buffer.from('{"timeout": NaN}')],
    ['Infinity', Buffer.from('{"timeout": Infinity}')],
    ['odd bytes', Buffer.from([0x7b, 0xff, 0x7d])],
    ['endless nesting', Buffer.from('['.repeat(99_000))],
    ['deep nesting', Buffer.from('['.repeat(49_000) + ']'.repeat(49_000))],
  ])('of %s is not parsed', (_what, bytes) => {
    expect(refusalOf(() => parseBody(bytes))).toMatch(
      /^400 (could not parse request body|json validation error: value is not an object)$/,
    )
  })

  it.each(['[1,2,3]', '"text"', '123', 'false'])('of %s is not an object', (json) => {
    expect(refusalOf(() => parseBody(Buffer.from(json)))).toBe(
      '400 json validation error: value is not an object',
    )
  })

  it('of nothing is an empty object', () => {
    expect(parseBody(Buffer.alloc(0))).toEqual({})
    expect(parseBody(Buffer.from(' null\n'))).toEqual({})
  })

  it('of 100000 bytes is the largest', () => {
    const body = Buffer.from(JSON.stringify({ desc: long(99_989) }))

    expect(body.length).toBe(100_000)
    expect(parseBody(body)).toEqual({ desc: long(99_989) })
    expect(refusalOf(() => parseBody(Buffer.concat([body, Buffer.from(' ')])))).toBe(
      '413 request body is larger than 100000 bytes',
    )
  })
})

describe('the range of flips', () => {
  it.each([
    [{}, { from: 0 }],
    [
      { start: '10', end: '20' },
      { from: 10_000, to: 20_000 },
    ],
    [{ seconds: '60' }, { from: start - 60_000 }],
    [{ seconds: '0' }, { from: 0 }],
    [{ seconds: '' }, { from: 0 }],
    [{ seconds: '60', start: '10' }, { from: start - 60_000 }],
    [{ seconds: '60', start: '9999999999' }, { from: 9_999_999_999_000 }],
    [{ start: '10000000000', seconds: '31536000' }, { from: 10_000_000_000_000 }],
  ])('of %o is %o', (query, expected) => {
    expect(parseFlipsRange(query as Record<string, string>, start)).toEqual(expected)
  })

  it.each(['abc', '-123', '1.5', '', '10000000001', '12345678901234567890', ' 1'])(
    'does not start at "%s"',
    (text) => {
      expect(refusalOf(() => parseFlipsRange({ start: text }, start))).toBe(
        '400 start must be a whole number of seconds, 0–10000000000',
      )
    },
  )

  it.each(['abc', '-123', '31536001'])('is not "%s" seconds long', (text) => {
    expect(refusalOf(() => parseFlipsRange({ seconds: text }, start))).toBe(
      '400 seconds must be a whole number of seconds, 0–31536000',
    )
  })
})
