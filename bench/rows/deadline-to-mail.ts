import type { Row } from '../figure.ts'
import { type LocalStack, withLocalStack } from '../local-stack.ts'
import { deadlinesOf, type Expected, secondsToMails } from '../mails.ts'
import { makeChecks, pingAll } from '../workload.ts'

/** Few enough in each project that each is told by a mail of its own. */
const PROJECTS = 20
const CHECKS_EACH = 10
/**
 * Between the pings of two projects, so that deadlines lie at all parts of a second, and not all at
 * once.
 */
const PAUSE_MS = 830

export const deadlineToMail: Row = {
  name: 'deadline-to-mail',
  help: 'seconds from a deadline to the mail that SES is handed, of 200 checks, by the real clock',
  measure: (progress) =>
    withLocalStack(async (stack) => {
      const expected: Expected[] = []
      for (let project = 0; project < PROJECTS; project += 1)
        expected.push(...(await pingedChecks(stack)))
      progress(
        `waiting for the deadlines of ${expected.length} checks, which are two minutes from now`,
      )
      const seconds = await secondsToMails(stack, expected)
      const at = (share: number): number => seconds[Math.ceil(share * seconds.length) - 1] ?? NaN
      return [
        {
          name: 'deadline to mail, p50',
          unit: 's',
          value: at(0.5),
          spread: [seconds[0] ?? NaN, at(1)],
          target: { atMost: 1.5 },
        },
        { name: 'deadline to mail, p99', unit: 's', value: at(0.99), target: { atMost: 5 } },
      ]
    }),
}

/** Checks of a project of their own, one minute apart and as long in grace. */
async function pingedChecks(stack: LocalStack): Promise<readonly Expected[]> {
  const project = await stack.project()
  const checks = await makeChecks(stack, project, CHECKS_EACH, { timeout: 60, grace: 60 })
  await pingAll(stack, checks, 1)
  const deadlines = await deadlinesOf(stack, checks)
  await new Promise((resolve) => setTimeout(resolve, PAUSE_MS))
  return deadlines.map((deadline, index) => ({
    email: project.email,
    subject: `DOWN | job ${index}`,
    deadline,
  }))
}
