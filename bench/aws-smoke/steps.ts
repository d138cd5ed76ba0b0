import { randomBytes } from 'node:crypto'
import { extraSteps } from './extra-steps.ts'
import { pingSteps, pingsInARow } from './ping-steps.ts'
import type { Step } from './step.ts'
import {
  ask,
  channelOf,
  makeCheck,
  makeProject,
  secondsUntil,
  type Tried,
  type TriedChannel,
  type TriedCheck,
  type World,
} from './world.ts'

/**
 * Lambda keeps an idle environment for some minutes, frozen; whoever is at the other end of its
 * connections closes them meanwhile.
 */
const REST_SECONDS = 6 * 60
const ALERT_SECONDS = 8
const EVENT_SECONDS = 180

/** In the order in which they are tried: what follows the rest meets functions that were frozen. */
export const steps: readonly Step[] = [
  ...pingSteps,
  { name: 'alert by mail', expected: within(ALERT_SECONDS), run: alert },
  {
    name: 'six minutes of rest',
    expected: 'rested',
    run: (world) => world.wait(REST_SECONDS).then(() => 'rested'),
  },
  { name: 'alert by mail, after the rest', expected: within(ALERT_SECONDS), run: alert },
  pingsInARow('pings in a row, after the rest'),
  { name: 'webhook', expected: 'called', run: webhook },
  {
    name: 'mail that bounces',
    expected: 'suppressed for bounce',
    run: (world) => undelivered(world, 'bounce'),
  },
  {
    name: 'mail that is complained of',
    expected: 'suppressed for complaint',
    run: (world) => undelivered(world, 'complaint'),
  },
  {
    name: 'drill',
    expected: '{"stage":"arrived"}',
    run: async (world) => JSON.stringify(await world.drill()),
  },
  ...extraSteps,
]

/**
 * A first attempt that fails is followed by the second after ten seconds: who is told sooner was
 * told by the first.
 */
function within(seconds: number): string {
  return `sent by its first attempt, within ${seconds} s`
}

async function alert(world: World): Promise<string> {
  const project = await makeProject(world, aMailbox('success'))
  await fail(project)
  const seconds = await secondsUntil(
    world,
    ALERT_SECONDS,
    async () => (await channelOf(project)).last_delivery?.status === 'sent',
  )
  return seconds === undefined
    ? `not sent: ${stateOf(await channelOf(project))}`
    : within(ALERT_SECONDS)
}

/** A check of the same project is called by the webhook: its ping URL is public. */
async function webhook(world: World): Promise<string | undefined> {
  if (!world.isPublic) return undefined
  const project = await makeProject(world, aMailbox('success'))
  const receiver = await makeCheck(project, { name: 'receiver', channels: '' })
  const { id } = await ask<TriedChannel>(project, 'channels/', {
    kind: 'webhook',
    down: { method: 'POST', url: receiver.ping_url, body: '$NAME is $STATUS' },
  })
  await fail(project, id)
  const seconds = await secondsUntil(
    world,
    EVENT_SECONDS,
    async () => (await ask<TriedCheck>(project, `checks/${receiver.uuid}`)).n_pings > 0,
  )
  return seconds === undefined ? `not called: ${stateOf(await channelOf(project, id))}` : 'called'
}

async function undelivered(world: World, box: 'bounce' | 'complaint'): Promise<string> {
  const project = await makeProject(world, aMailbox(box))
  await fail(project)
  await secondsUntil(
    world,
    EVENT_SECONDS,
    async () => (await channelOf(project)).suppressed != null,
  )
  const channel = await channelOf(project)
  return channel.suppressed == null
    ? `not suppressed: ${stateOf(channel)}`
    : `suppressed for ${channel.suppressed.reason}`
}

async function fail(project: Tried, channels = '*'): Promise<void> {
  const { ping_url: url } = await makeCheck(project, { channels })
  await fetch(`${url}/fail`, { method: 'POST', body: 'smoke' })
}

/**
 * Of SES's mailbox simulator, which counts for no rate; another one each time, as what one has done
 * is remembered.
 */
function aMailbox(box: 'success' | 'bounce' | 'complaint'): string {
  return `${box}+${randomBytes(6).toString('hex')}@simulator.amazonses.com`
}

function stateOf({ last_delivery: last }: TriedChannel): string {
  return last === null ? 'nothing was attempted' : `the last attempt is ${last.status}`
}
