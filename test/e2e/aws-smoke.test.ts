import { expect, it } from 'vitest'
import { worldHere } from '../../bench/aws-smoke/here.ts'
import { isAsExpected, reportOf, runSteps } from '../../bench/aws-smoke/step.ts'
import { steps } from '../../bench/aws-smoke/steps.ts'
import { base } from '../support/stack.ts'

it('the trial of a deployment sees on the local stack what it expects, as far as that goes', async () => {
  const seen = await runSteps(steps, worldHere(base), () => undefined)

  expect(
    seen.filter((each) => !isAsExpected(each)),
    reportOf(seen),
  ).toEqual([])
  expect(seen.filter((each) => each.seen === undefined).map(({ name }) => name)).toEqual([
    'webhook',
    'ping by mail',
    'domain: ping over http',
    'domain: GET with a body, and by the own name of the API',
  ])
})
