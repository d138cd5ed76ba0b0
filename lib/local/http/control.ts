import type { IncomingMessage } from 'node:http'
import { z, ZodError } from 'zod'
import {
  canonicalTimeZone,
  nextRunAt,
  parseSchedule,
} from '../../../lambdas/domain/schedule/schedule.ts'
import type { KeptProject } from '../data/data-folder.ts'
import { faultShape, type Faults } from '../services/faults.ts'
import { answersShape, type GivenAnswers } from '../internet/answers.ts'
import type { OutgoingRequests } from '../internet/outgoing-requests.ts'
import { readBody } from './http-body.ts'
import type { MailIntake } from './mail-intake.ts'
import type { Meter } from '../services/meter.ts'
import type { LocalOwner } from '../owner.ts'
import type { LocalProjects } from '../projects.ts'
import type { Published } from '../services/published.ts'
import type { Mailbox } from '../services/mailbox.ts'
import type { TimeTravel } from '../time-travel.ts'
import type { VirtualClock } from '../functions/virtual-clock.ts'

export type ControlDeps = {
  readonly baseUrl: string
  readonly project: KeptProject
  readonly clock: VirtualClock
  readonly travel: TimeTravel
  readonly projects: LocalProjects
  readonly owner: LocalOwner
  readonly mailbox: Mailbox
  readonly published: Published
  readonly outgoing: OutgoingRequests
  readonly givenAnswers: GivenAnswers
  readonly meter: Meter
  readonly faults: Faults
  readonly mailIntake: MailIntake
  /** Waits until the streams are read, for a second at most. */
  readonly catchUp: () => Promise<void>
}

export type ControlAnswer = { readonly status: number; readonly json: unknown }

type Action = (deps: ControlDeps, body: unknown) => ControlAnswer | Promise<ControlAnswer>

const LONGEST_BODY_BYTES = 1_000_000
/** A mail may have 40 MB, and a byte of it may take more than two in JSON. */
const LONGEST_MAIL_BYTES = 100_000_000

const routes: Readonly<Record<string, Readonly<Record<string, Action>>>> = {
  '/ready': { GET: ready },
  '/projects': { POST: createProject },
  '/clock': { POST: advance },
  '/settle': { POST: settle },
  '/next': { POST: next },
  '/mail': {
    GET: ({ mailbox }) => ok(mailbox.mails),
    DELETE: doing(({ mailbox }) => mailbox.clear()),
  },
  '/published': {
    GET: ({ published }) => ok(published.all),
    DELETE: doing(({ published }) => published.clear()),
  },
  '/outgoing': { GET: ({ outgoing }) => ok(outgoing.all), DELETE: doing(forgetOutgoing) },
  '/outgoing/answers': { POST: giveAnswers },
  '/inbound': { POST: takeMail },
  '/meter': { GET: ({ meter }) => ok(meter.read()), DELETE: doing(({ meter }) => meter.reset()) },
  '/faults': { POST: addFaults, DELETE: doing(({ faults }) => faults.clear()) },
}

/**
 * Answers a control call of the local stack.
 * @param deps undefined until all parts have started
 * @param path below `/_local`, without its query
 */
export async function control(
  request: IncomingMessage,
  path: string,
  deps: ControlDeps | undefined,
): Promise<ControlAnswer> {
  const most = path === '/inbound' ? LONGEST_MAIL_BYTES : LONGEST_BODY_BYTES
  const body = await readBody(request, most)
  const route = routes[path]
  if (route === undefined) return failure(404, `no such control call: ${path}`)
  const action = route[request.method ?? '']
  if (action === undefined) return failure(405, `${path} takes ${Object.keys(route).join(' and ')}`)
  if (deps === undefined) return failure(503, 'the local stack is starting')
  if (body === 'too-long') return failure(400, `a control call takes up to ${most} bytes`)
  try {
    return await action(deps, parsed(body))
  } catch (error) {
    if (error instanceof ZodError) return failure(400, wordsOf(error))
    if (error instanceof SyntaxError) return failure(400, 'the body is not JSON')
    throw error
  }
}

function parsed(body: Buffer): unknown {
  return body.length === 0 ? {} : JSON.parse(body.toString())
}

function wordsOf({ issues }: ZodError): string {
  return issues.map(({ path, message }) => [...path.map(String), message].join(': ')).join('; ')
}

function ok(json: unknown): ControlAnswer {
  return { status: 200, json }
}

function doing(action: (deps: ControlDeps) => void): Action {
  return (deps) => {
    action(deps)
    return ok({})
  }
}

function failure(status: number, error: string): ControlAnswer {
  return { status, json: { error } }
}

function now({ clock }: ControlDeps): { readonly now: string } {
  return { now: new Date(clock.now()).toISOString() }
}

function ready(deps: ControlDeps): ControlAnswer {
  const { baseUrl, project, mailIntake } = deps
  const { apiKey, apiKeyReadonly, pingKey, email } = project
  const mail = {
    features: ['email-pings', 'rules', 'outgoing', 'oh-dear'],
    pingEmailDomain: mailIntake.domain,
  }
  const keys = { apiKey, apiKeyReadonly, pingKey, email }
  return ok({
    siteRoot: baseUrl,
    pingEndpoint: `${baseUrl}/ping`,
    ...mail,
    ...now(deps),
    project: keys,
  })
}

const projectShape = z.object({ name: z.string().trim().min(1).max(100).default('Project') })

async function createProject({ projects }: ControlDeps, body: unknown): Promise<ControlAnswer> {
  return { status: 201, json: await projects.further(projectShape.parse(body).name) }
}

const mailShape = z.strictObject({
  from: z.string(),
  to: z.array(z.string()).min(1).max(100),
  raw: z.string(),
})

function takeMail({ mailIntake }: ControlDeps, body: unknown): ControlAnswer {
  const { raw, ...envelope } = mailShape.parse(body)
  return ok(mailIntake.take({ ...envelope, raw: Buffer.from(raw) }))
}

const clockShape = z.object({ advanceSeconds: z.number().gt(0).max(40_000_000) })

async function advance(deps: ControlDeps, body: unknown): Promise<ControlAnswer> {
  await deps.travel.advance(clockShape.parse(body).advanceSeconds)
  return ok(now(deps))
}

async function settle(deps: ControlDeps): Promise<ControlAnswer> {
  await deps.travel.settle()
  return ok(now(deps))
}

const nextShape = z.object({
  kind: z.enum(['cron', 'oncalendar']),
  schedule: z.string(),
  tz: z
    .string()
    .transform((name, context) => canonicalTimeZone(name) ?? context.addIssue('no such time zone')),
  after: z.iso.datetime({ offset: true }),
})

function next(_: ControlDeps, body: unknown): ControlAnswer {
  const { kind, schedule: text, tz, after } = nextShape.parse(body)
  const schedule = parseSchedule(text)
  if (schedule?.kind !== kind) return failure(400, `schedule: not a valid ${kind} expression`)
  const at = nextRunAt(schedule, String(tz), Date.parse(after))
  return ok({ next: at === undefined ? null : new Date(at).toISOString() })
}

function addFaults({ faults }: ControlDeps, body: unknown): ControlAnswer {
  const wanted = z.array(faultShape).min(1).parse(body)
  faults.add(wanted)
  return ok({ faults: wanted.length })
}

function forgetOutgoing({ outgoing, givenAnswers }: ControlDeps): void {
  outgoing.clear()
  givenAnswers.clear()
}

function giveAnswers({ givenAnswers }: ControlDeps, body: unknown): ControlAnswer {
  const given = answersShape.parse(body)
  givenAnswers.add(given)
  return ok({ answers: given.length })
}
