import { describe, expect, it } from 'vitest'
import { parseBody } from '../../../lambdas/api/body.ts'
import { ruleAnswer, rulesOf } from '../../../lambdas/managing/fields/rule-fields.ts'
import { parseCheckFields } from '../../../lambdas/managing/fields/check-shape.ts'
import { FieldError } from '../../../lambdas/managing/fields/field-error.ts'
import { aCheck, withAllRules } from '../../support/builders.ts'

const { id } = aCheck()

function parsed(rules: string) {
  return parseCheckFields(parseBody(Buffer.from(`{"rules": ${rules}}`))).rules
}

function errorOf(rules: string): string {
  try {
    parsed(rules)
  } catch (error) {
    if (error instanceof FieldError) return error.message
    throw error
  }
  return 'accepted'
}

const many = (count: number, json: string) =>
  `[${Array.from({ length: count }, () => json).join()}]`
const step = (channels: string) => `{"escalate": [{"after": 60, "channels": "${channels}"}]}`

describe('bad rules', () => {
  it.each([
    ['[]', 'rules is not an object'],
    ['"max_runtime"', 'rules is not an object'],
    ['{"max_runtime": 0}', 'rules.max_runtime is too small'],
    ['{"max_runtime": 31536001}', 'rules.max_runtime is too large'],
    ['{"max_runtime": null}', 'rules.max_runtime is not a number'],
    ['{"max_runtime": 1.5}', 'rules.max_runtime is not a number'],
    ['{"max_runtime": true}', 'rules.max_runtime is not a number'],
    ['{"min_runtime": "60"}', 'rules.min_runtime is not a number'],
    ['{"early": 86401}', 'rules.early is too large'],
    ['{"most_pings": {"count": 101, "seconds": 60}}', 'rules.most_pings.count is too large'],
    ['{"most_pings": {"count": 1, "seconds": 59}}', 'rules.most_pings.seconds is too small'],
    ['{"most_pings": {"count": 1}}', 'rules.most_pings.seconds is missing'],
    ['{"most_pings": [1, 60]}', 'rules.most_pings is not an object'],
    ['{"failures": {"count": 0}}', 'rules.failures.count is too small'],
    ['{"failures": {"count": 21}}', 'rules.failures.count is too large'],
    ['{"failures": {"count": 3, "of": 2}}', 'rules.failures.of is too small'],
    ['{"failures": {"count": 3, "of": 21}}', 'rules.failures.of is too large'],
    ['{"failures": {"of": 3}}', 'rules.failures.count is missing'],
    ['{"failures": {"count": 3, "off": 3}}', 'rules.failures.off is not known'],
    ['{"failures": 3}', 'rules.failures is not an object'],
    ['{"successes": 21}', 'rules.successes is too large'],
    ['{"repeat": 299}', 'rules.repeat is too small'],
    ['{"escalate": []}', 'rules.escalate is empty'],
    ['{"escalate": {}}', 'rules.escalate is not an array'],
    ['{"escalate": [null]}', 'rules.escalate.0 is not an object'],
    ['{"escalate": [{"after": 60}]}', 'rules.escalate.0.channels is missing'],
    [
      `{"escalate": ${many(6, `{"after": 60, "channels": "${id}"}`)}}`,
      'rules.escalate has more than 5 items',
    ],
    [`{"escalate": [{"after": 59, "channels": "${id}"}]}`, 'rules.escalate.0.after is too small'],
    [step(''), 'rules.escalate.0.channels is not a list of channel ids with commas between'],
    [step('boss'), 'rules.escalate.0.channels is not a list of channel ids with commas between'],
    [step(`${id},${id}`), 'rules.escalate.0.channels has a channel twice'],
    [step(`${id},`.repeat(20) + id), 'rules.escalate.0.channels is too long'],
    ['{"depends_on": []}', 'rules.depends_on is empty'],
    ['{"depends_on": ["db"]}', 'rules.depends_on.0 is not a UUID in small letters'],
    [`{"depends_on": ["${id}", 5]}`, 'rules.depends_on.1 is not a string'],
    [`{"depends_on": ["${id}", "${id}"]}`, 'rules.depends_on has a check twice'],
    [`{"depends_on": ${many(11, `"${id}"`)}}`, 'rules.depends_on has more than 10 items'],
    ['{"max_run_time": 60}', 'rules.max_run_time is not known'],
  ])('%s name their place', (rules, error) => {
    expect(errorOf(rules)).toBe(error)
  })
})

describe('rules', () => {
  it('are shown as they were given, with of filled in', () => {
    expect(ruleAnswer(rulesOf({ failures: { count: 3 }, repeat: 600 }))).toEqual({
      failures: { count: 3, of: 3 },
      repeat: 600,
    })
  })

  it('that are shown can be given', () => {
    const { rules = {} } = withAllRules()

    const given = parsed(JSON.stringify(ruleAnswer(rules)))

    expect(rulesOf(given ?? null)).toEqual(rules)
  })

  it.each(['null', '{}'])('are none with %s', (rules) => {
    expect(rulesOf(parsed(rules) ?? null)).toEqual({})
  })
})
