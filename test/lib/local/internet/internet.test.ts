import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { HttpSender } from '../../../../lambdas/channels/http.ts'
import { localInternet } from '../../../../lambdas/channels/local-internet.ts'
import { listen, type Listener } from '../../../../lib/local/http/listen.ts'
import { answersShape, GivenAnswers } from '../../../../lib/local/internet/answers.ts'
import { Internet } from '../../../../lib/local/internet/internet.ts'
import { OutgoingRequests } from '../../../../lib/local/internet/outgoing-requests.ts'
import { VirtualClock } from '../../../../lib/local/functions/virtual-clock.ts'

const host = 'hook.example.com'

let clock: VirtualClock
let outgoing: OutgoingRequests
let answers: GivenAnswers
let internet: Internet
let listener: Listener
beforeEach(async () => {
  clock = new VirtualClock()
  outgoing = new OutgoingRequests()
  answers = new GivenAnswers()
  internet = new Internet({ outgoing, answers, clock })
  listener = await listen(
    0,
    (...both) => internet.handle(...both),
    () => undefined,
  )
})
afterEach(async () => {
  clock.stop()
  await listener.close()
})

const give = (fields: object) => answers.add(answersShape.parse([{ host, ...fields }]))

/** Sends as a deployed function does. */
function send(body = 'down', timeoutMs = 5000) {
  const url = `http://deliver@127.0.0.1:${listener.port}`
  const sender = new HttpSender({ ...localInternet(url), timeoutMs })
  return sender.follow(
    { method: 'POST', url: `https://${host}/a?b`, headers: {}, body },
    clock.now(),
  )
}

/** Ends once the function waits for its answer, and for nothing else. */
async function whenStalled(): Promise<void> {
  for (let look = 0; look < 1000 && internet.stalledOf('deliver') === 0; look += 1)
    await new Promise((resolve) => setTimeout(resolve, 1))
  expect(internet.stalledOf('deliver')).toBe(1)
}

describe('the internet of a local stack', () => {
  it('keeps what it is sent, and takes it', async () => {
    expect(await send('größer')).toMatchObject({ status: 200 })

    expect(outgoing.all).toMatchObject([
      {
        method: 'POST',
        url: `https://${host}/a?b`,
        headers: { host, 'user-agent': 'Overdue' },
        body: 'größer',
        answer: { status: 200, body: 'ok' },
      },
    ])
    expect(outgoing.all[0]?.headers).not.toHaveProperty('proxy-authorization')
    expect(Date.parse(outgoing.all[0]?.sentAt ?? '')).toBeGreaterThan(clock.now() - 5000)
  })

  it('answers as it was told to', async () => {
    give({ status: 429, headers: { 'Retry-After': '900' }, body: 'wait' })

    expect(await send()).toMatchObject({ status: 429, retryAfterSeconds: 900 })
    expect(outgoing.all).toMatchObject([
      { answer: { status: 429, headers: { 'Retry-After': '900' }, body: 'wait' } },
    ])
  })

  it('has a status that comes without a body', async () => {
    give({ status: 204, body: 'not sent' })

    expect(await send()).toMatchObject({ status: 204 })
  })

  it.each([
    ['refused', 'connection refused'],
    ['reset', 'socket hang up'],
  ])('fails a connection that is to be %s', async (error, message) => {
    give({ error })

    await expect(send()).rejects.toThrow(message)
    expect(outgoing.all).toMatchObject([{ answer: { error } }])
  })

  it('takes its time on the clock of the stack', async () => {
    give({ status: 200, latencyMs: 9000 })
    const sending = send()
    await whenStalled()

    clock.moveTo(clock.now() + 9000)

    expect(await sending).toMatchObject({ status: 200 })
    expect(internet.stalledOf('deliver')).toBe(0)
  })

  it.each([{ error: 'timeout' }, { status: 200, latencyMs: 60_000 }])(
    'has no answer to %j within the ten seconds that functions wait',
    async (fields) => {
      give(fields)
      const failing = expect(send()).rejects.toThrow('timeout')
      await whenStalled()

      clock.moveTo(clock.now() + 10_000)

      await failing
      expect(outgoing.all).toMatchObject([{ answer: { error: 'timeout' } }])
    },
  )

  it('is done with a function that has gone', async () => {
    give({ error: 'timeout' })

    await expect(send('down', 50)).rejects.toThrow()
    for (let look = 0; look < 1000 && internet.stalledOf('deliver') > 0; look += 1)
      await new Promise((resolve) => setTimeout(resolve, 1))

    expect(internet.stalledOf('deliver')).toBe(0)
    expect(clock.nextAt()).toBeUndefined()
  })

  it('takes no body of more than a million bytes', async () => {
    expect(await send('x'.repeat(1_000_001))).toMatchObject({ status: 413 })

    expect(outgoing.all).toMatchObject([{ body: '', answer: { status: 413 } }])
  })

  it('takes nothing of who does not ask it as a proxy, as a page of elsewhere', async () => {
    const { status } = await fetch(`http://127.0.0.1:${listener.port}/https://${host}/`)

    expect(status).toBe(400)
    expect(outgoing.all).toEqual([])
  })
})
