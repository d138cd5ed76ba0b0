import { once } from 'node:events'
import { connect } from 'node:net'
import { beforeEach, describe, expect, it } from 'vitest'
import {
  advance,
  aProject,
  createCheck,
  type LocalProject,
  mailsTo,
  readCheck,
  readMeter,
  request,
  resetMeter,
  settle,
  smtpPort,
} from '../support/stack.ts'

const domain = 'ping.example.com'

let project: LocalProject
beforeEach(async () => {
  project = await aProject()
})

async function send(to: readonly string[], raw: string): Promise<unknown> {
  const answer = await request('POST', '/_local/inbound', {
    json: { from: 'cron@a.example', to, raw },
  })
  await settle()
  return answer.json
}

async function pingsOf(id: string): Promise<unknown> {
  return (
    (await request('GET', `/api/v3/checks/${id}/pings/`, { key: project.apiKey })).json as {
      readonly pings: unknown
    }
  ).pings
}

/** Says one line after the other, each when the server has answered the last one. */
async function sendBySmtp(lines: readonly string[]): Promise<void> {
  const client = connect(smtpPort, '127.0.0.1').setEncoding('utf8')
  for (const line of lines) {
    await once(client, 'data')
    client.write(`${line}\r\n`)
  }
  await once(client, 'close')
}

describe('a mail', () => {
  it('by SMTP pings the check that it is addressed to', async () => {
    const { uuid } = await createCheck(project)

    await sendBySmtp([
      'HELO test',
      'MAIL FROM:<cron@a.example>',
      `RCPT TO:<${uuid}@${domain}>`,
      'DATA',
      'Subject: x\r\n\r\nfine\r\n.',
      'QUIT',
    ])
    await settle()

    const shown = {
      type: 'success',
      scheme: 'email',
      method: '',
      ua: 'Email from cron@a.example',
      remote_addr: null,
      rid: null,
      n: 1,
    }
    expect(await pingsOf(uuid)).toMatchObject([shown])
    expect(
      (await request('GET', `/api/v3/checks/${uuid}/pings/1/body`, { key: project.apiKey })).text,
    ).toBe('Subject: x\r\n\r\nfine\r\n')
  })

  it('brings a check down by its words, and the alert shows it', async () => {
    const { uuid } = await createCheck(project, {
      name: 'mailed',
      slug: 'mailed',
      filter_subject: true,
      failure_kw: 'FAILED',
    })
    const [slug, unknown] = [`${project.pingKey}+mailed@${domain}`, `root@${domain}`]

    expect(await send([slug, unknown], 'Subject: FAILED\r\n\r\noops\r\n')).toEqual({
      accepted: [slug],
      rejected: [unknown],
    })

    const [mail] = await mailsTo(project)
    expect(await readCheck(project, uuid)).toMatchObject({ status: 'down', n_pings: 1 })
    expect(mail?.subject).toBe('DOWN | mailed')
    expect(mail?.text).toMatch(/#1 .* fail\s+Email from cron@a\.example\n[^]*oops/)
  })

  it('arrives though the table of heartbeats is away for a while, and counts once', async () => {
    const { uuid } = await createCheck(project)
    await request('POST', '/_local/faults', {
      json: [{ service: 'dynamodb', function: 'inbound', error: 'InternalServerError' }],
    })
    await send([`${uuid}@${domain}`], 'Subject: x\r\n\r\n')
    await request('DELETE', '/_local/faults')

    await advance(90)

    expect(await readCheck(project, uuid)).toMatchObject({ status: 'up', n_pings: 1 })
  })

  it('touches no registry, and its filters cost pings by HTTP nothing', async () => {
    const check = await createCheck(project, {
      filter_subject: true,
      filter_body: true,
      success_kw: 'OK',
    })
    await settle()
    await resetMeter()

    await request('GET', check.ping_url)
    await send([`${check.uuid}@${domain}`], 'Subject: OK\r\n\r\n')

    const { ping, inbound } = await readMeter()
    expect(ping?.calls).toEqual({
      'dynamodb.UpdateItem': { Heartbeats: { count: 1, readUnits: 0, writeUnits: 1, errors: 0 } },
    })
    expect(Object.values(inbound?.calls ?? {}).flatMap(Object.keys)).not.toContain('Registry')
    expect(inbound?.calls['dynamodb.TransactWriteItems']?.['Heartbeats']).toMatchObject({
      writeUnits: 2,
    })
  })
})
