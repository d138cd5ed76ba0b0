import { deadlineOf } from '../lambdas/domain/watching/deadline.ts'
import { Heartbeats } from '../lambdas/store/watching/heartbeats.ts'
import type { LocalStack } from './local-stack.ts'

/** A mail that is to come: to whom, what it is about, and the deadline after which it has to. */
export type Expected = {
  readonly email: string
  readonly subject: string
  readonly deadline: number
}

type Mail = { readonly to: readonly string[]; readonly subject: string; readonly sentAt: string }

const LOOK_EACH_MS = 500
/**
 * After the last deadline, so long is waited for mails; one that has not come by then never does.
 */
const GIVE_UP_MS = 60_000

/** The deadlines of checks, as their heartbeats say. @throws when one has none */
export async function deadlinesOf(
  stack: LocalStack,
  checks: readonly string[],
): Promise<readonly number[]> {
  const heartbeats = await new Heartbeats(stack.database, 'Heartbeats').readMany(checks)
  return checks.map((id) => {
    const heartbeat = heartbeats.get(id)
    const deadline = heartbeat && deadlineOf(heartbeat)
    if (deadline === undefined) throw new Error(`nobody waits for a ping of ${id}`)
    return deadline
  })
}

/**
 * Waits for mails, and answers with the seconds from each one's deadline until SES was handed it,
 * shortest first; infinite for one that never was.
 */
export async function secondsToMails(
  stack: LocalStack,
  expected: readonly Expected[],
): Promise<readonly number[]> {
  const giveUpAt = Math.max(...expected.map(({ deadline }) => deadline)) + GIVE_UP_MS
  let sentAt = await sentMails(stack)
  while (expected.some((mail) => !sentAt.has(keyOf(mail))) && Date.now() < giveUpAt) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_EACH_MS))
    // Looking takes the stack's time, so it is left alone until the first can be there.
    if (Date.now() >= Math.min(...expected.map(({ deadline }) => deadline)))
      sentAt = await sentMails(stack)
  }
  return expected
    .map((mail) => ((sentAt.get(keyOf(mail)) ?? Infinity) - mail.deadline) / 1000)
    .sort((one, other) => one - other)
}

async function sentMails(stack: LocalStack): Promise<ReadonlyMap<string, number>> {
  const mails = (await stack.control('GET', '/mail')) as readonly Mail[]
  return new Map(
    mails.flatMap(({ to, subject, sentAt }) =>
      to.map((email) => [keyOf({ email, subject }), Date.parse(sentAt)] as const),
    ),
  )
}

function keyOf({ email, subject }: Pick<Expected, 'email' | 'subject'>): string {
  return `${email} ${subject}`
}
