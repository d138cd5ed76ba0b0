import { type AttributeValue, GetItemCommand } from '@aws-sdk/client-dynamodb'
import { randomUUID } from 'node:crypto'
import * as attribute from '../../lambdas/store/watching/heartbeat-attributes.ts'
import { floorsOf } from '../alert/floor.ts'
import { putAll } from '../checks-in-bulk.ts'
import { type Figure, figureOf, sum, type Row } from '../figure.ts'
import { type LocalStack, withLocalStack } from '../local-stack.ts'
import { type Expected, secondsToMails } from '../mails.ts'
import { countsOf } from '../metered.ts'
import { makeChecks, pingAll } from '../workload.ts'

const HEARTBEATS = 100_000
const PROJECTS = 100
/** Few enough in each project that each is told by a mail of its own. */
const CHECKS_EACH = 10
/** That depend on one check. */
const CHILDREN = 1000
const HOUR_MS = 3_600_000
/** What has a part in an alert, the canary's ping included. */
const functions = ['sweep', 'ping', 'relay', 'record', 'alert', 'deliver'] as const
/**
 * A run begins at each full minute of the stack; by then it has scanned, and the next has not
 * begun.
 */
const MINUTE_MS = 60_000
const DEADLINE_IN_MINUTE_MS = 20_000
const BEFORE_MS = 2000
/** An alert may take so many times the CPU of the calls that it consists of. */
const MOST_TIMES = 3

export const alertStorm: Row = {
  name: 'alert-storm',
  help: 'seconds until 1,000 of 100k heartbeats, overdue at once in 100 projects, are mailed, by the real clock; CPU against the same calls by hand; and what is told of a check on which 1,000 depend',
  measure: (progress) =>
    withLocalStack(async (stack) => {
      const waiting = await makeProjects(stack)
      const model = await pingedItem(stack, waiting[0]?.check ?? '')
      progress(`loading ${HEARTBEATS} heartbeats`)
      const others = Array.from({ length: HEARTBEATS - waiting.length }, () =>
        copyOf(model, randomUUID(), Date.now()),
      )
      await putAll(stack, 'Heartbeats', others)
      await stack.settle()
      const deadline = nextDeadline()
      const overdue = waiting.map(({ check }) => copyOf(model, check, deadline - 2 * HOUR_MS))
      await putAll(stack, 'Heartbeats', overdue)
      progress(`waiting for ${new Date(deadline).toISOString()}, the deadline of ${overdue.length}`)
      await isNear(deadline)
      await stack.resetMeter()
      const cpuBefore = cpuOf(stack)
      const seconds = await secondsToMails(
        stack,
        waiting.map(({ email, subject }) => ({ email, subject, deadline })),
      )
      const used = cpuOf(stack).map((ms, index) => ms - (cpuBefore[index] ?? NaN))
      const meter = await stack.meter()
      progress(
        functions
          .map((name, index) => `${name} ${((used[index] ?? NaN) / waiting.length).toFixed(2)} ms`)
          .join(', '),
      )
      const floors = await floorsOf(functions.map((name) => countsOf(meter[name])))
      return [
        {
          name: 'deadline to last mail',
          unit: 's',
          value: seconds.at(-1) ?? NaN,
          target: { atMost: 15 },
        },
        { name: 'deadline to first mail', unit: 's', value: seconds[0] ?? NaN },
        ...cpuFigures(
          sum(used) / waiting.length,
          floors.map((ms) => ms / waiting.length),
        ),
        ...(await familyFigures(stack, model, progress)),
      ]
    }),
}

/** Two minutes from now, so that a run of the sweep has looked at all. */
function nextDeadline(): number {
  return (Math.floor(Date.now() / MINUTE_MS) + 2) * MINUTE_MS + DEADLINE_IN_MINUTE_MS
}

function isNear(deadline: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, deadline - BEFORE_MS - Date.now()))
}

/** A check goes down, and with it a thousand that depend on it: people are told of the one. */
async function familyFigures(
  stack: LocalStack,
  model: Item,
  progress: (line: string) => void,
): Promise<readonly Figure[]> {
  const project = await stack.project()
  const [parent = ''] = await makeChecks(stack, project, 1, { name: 'parent' })
  progress(`making ${CHILDREN} checks that depend on one`)
  const children = await makeChecks(stack, project, CHILDREN, { rules: { depends_on: [parent] } })
  await stack.settle()
  const deadline = nextDeadline()
  const family = [parent, ...children].map((check) => copyOf(model, check, deadline - 2 * HOUR_MS))
  await putAll(stack, 'Heartbeats', family)
  progress(`waiting for ${new Date(deadline).toISOString()}, the deadline of all of them`)
  await isNear(deadline)
  const [seconds = NaN] = await secondsToMails(stack, [
    { email: project.email, subject: 'DOWN | parent', deadline },
  ])
  await stack.settle()
  const mails = (await stack.control('GET', '/mail')) as readonly { readonly to: string[] }[]
  const told = mails.filter(({ to }) => to.includes(project.email)).length
  return [
    {
      name: `deadline to the mail of a parent of ${CHILDREN}`,
      unit: 's',
      value: seconds,
      target: { atMost: 15 },
    },
    { name: 'mails of its children', unit: 'mails', value: told - 1, target: { atMost: 0 } },
  ]
}

function cpuFigures(alertMs: number, floorsMs: readonly number[]): readonly Figure[] {
  const times = floorsMs.map((floorMs) => alertMs / floorMs)
  return [
    { ...figureOf('alert ÷ its calls by hand', '×', times), target: { atMost: MOST_TIMES } },
    { name: 'CPU of all functions per alert', unit: 'ms', value: alertMs },
    figureOf('CPU of its calls by hand', 'ms', floorsMs),
  ]
}

/**
 * On a processor so far, of each function's processes: not of the engine, nor of what plays AWS.
 */
function cpuOf(stack: LocalStack): readonly number[] {
  return functions.map((name) => stack.cpuMs(name))
}

type Waiting = Omit<Expected, 'deadline'> & { readonly check: string }

async function makeProjects(stack: LocalStack): Promise<readonly Waiting[]> {
  const waiting: Waiting[] = []
  for (let index = 0; index < PROJECTS; index += 1) {
    const project = await stack.project()
    const checks = await makeChecks(stack, project, CHECKS_EACH)
    waiting.push(
      ...checks.map((check, number) => ({
        check,
        email: project.email,
        subject: `DOWN | job ${number}`,
      })),
    )
  }
  return waiting
}

type Item = Record<string, AttributeValue>

/** What pings leave in the heartbeat of a check. */
async function pingedItem(stack: LocalStack, check: string): Promise<Item> {
  await pingAll(stack, [check], 1)
  const { Item } = await stack.dynamo.send(
    new GetItemCommand({ TableName: 'Heartbeats', Key: { id: { S: check } } }),
  )
  if (Item?.[attribute.lastPingAt]?.N === undefined)
    throw new Error(`the ping of ${check} left no trace`)
  return Item
}

/** The same of another check, pinged at another instant. */
function copyOf(item: Item, id: string, pingedAt: number): Item {
  const was = item[attribute.lastPingAt]?.N ?? ''
  return {
    ...(JSON.parse(JSON.stringify(item).replaceAll(was, pingedAt.toString())) as Item),
    id: { S: id },
  }
}
