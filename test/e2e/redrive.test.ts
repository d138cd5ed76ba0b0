import {
  DeleteMessageCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs'
import { afterEach, expect, it } from 'vitest'
import {
  advance,
  aProject,
  base,
  createCheck,
  mailsTo,
  operate,
  request,
  settle,
} from '../support/stack.ts'

const DAY_SECONDS = 86_400

const credentials = { accessKeyId: 'OPERATOR', secretAccessKey: 'local' }
const sqs = new SQSClient({ endpoint: `${base}/_local/aws`, region: 'us-east-1', credentials })
const urlOf = (queue: string) => `${base}/_local/aws/000000000000/${queue}`

afterEach(async () => {
  await request('DELETE', '/_local/faults')
})

type Redriven = { readonly queues: readonly { readonly queue: string; readonly moved: number }[] }

async function redriven(): Promise<ReadonlyMap<string, number>> {
  const { out, err, status } = await operate('redrive', '--json')
  expect({ status, err }).toEqual({ status: 0, err: '' })
  return new Map((JSON.parse(out) as Redriven).queues.map(({ queue, moved }) => [queue, moved]))
}

it('sends the alerts that a day of a failing SES has parked, once', async () => {
  // Checks that other tests have left go down before, and not while SES fails.
  await advance(1.5 * DAY_SECONDS)
  await redriven()
  const [project, other] = [await aProject(), await aProject()]
  const faults = [{ service: 'ses', error: 'ServiceUnavailableException' }]
  const told = await createCheck(other, { name: 'told before' })
  await request('GET', `${told.ping_url}/fail`)
  await settle()
  await request('POST', '/_local/faults', { json: faults })
  const check = await createCheck(project, { name: 'parked' })
  await request('GET', `${check.ping_url}/fail`)
  await advance(1.2 * DAY_SECONDS)
  expect(await mailsTo(project)).toEqual([])
  await request('DELETE', '/_local/faults')
  await advance(3 * 3600)
  expect(await mailsTo(project)).toEqual([])

  // Some checks of other tests may have gone down meanwhile, and be parked, too.
  const look = {
    QueueUrl: urlOf('DeliveriesDeadLetters'),
    VisibilityTimeout: 0,
    MaxNumberOfMessages: 10,
  }
  const { Messages = [] } = await sqs.send(new ReceiveMessageCommand(look))
  const parked = Messages.find(({ Body }) => Body?.includes(check.uuid))?.Body

  const moved = await redriven()

  expect([moved.get('Flips'), moved.get('Deliveries')]).toEqual([0, Messages.length])
  expect((await mailsTo(project)).map(({ subject }) => subject)).toEqual(['DOWN | parked'])
  expect((await mailsTo(other)).length).toBe(1)
  expect((await redriven()).get('Deliveries')).toBe(0)
  // SQS may deliver a message twice.
  await sqs.send(new SendMessageCommand({ QueueUrl: urlOf('Deliveries'), MessageBody: parked }))
  expect((await mailsTo(project)).length).toBe(1)
})

it.each(['Deliveries', 'Webhooks', 'Requests'])(
  'finds what nobody can read of the queue %s among its own dead letters',
  async (queue) => {
    await sqs.send(
      new SendMessageCommand({ QueueUrl: urlOf(queue), MessageBody: `odd in ${queue}` }),
    )
    await settle()

    const look = { QueueUrl: urlOf(`${queue}DeadLetters`), MaxNumberOfMessages: 10 }
    const { Messages = [] } = await sqs.send(new ReceiveMessageCommand(look))
    for (const { ReceiptHandle } of Messages)
      await sqs.send(new DeleteMessageCommand({ QueueUrl: look.QueueUrl, ReceiptHandle }))

    expect(Messages.map(({ Body }) => Body)).toContain(`odd in ${queue}`)
  },
)
