import type { AwsPost } from '../runtime/aws-post.ts'
import type { Queue } from '../runtime/queue.ts'

/** Whether something besides the canary shows that pings were not taken between two instants. */
export type OtherSignal = (from: number, to: number) => Promise<boolean>

const MINUTE_MS = 60_000

/**
 * Errors of the function, requests that Lambda refused for it, and answers of 5xx by its URL, in
 * which a refusal to take a ping shows.
 */
const metrics = ['Errors', 'Throttles', 'Url5xxCount'] as const

/**
 * Asks several signals at once. One that shows trouble is enough. One that can't be read matters
 * only when no other shows trouble.
 */
export function anyOf(...signals: readonly OtherSignal[]): OtherSignal {
  return async (from, to) => {
    const answers = await Promise.allSettled(signals.map((signal) => signal(from, to)))
    if (answers.some((answer) => answer.status === 'fulfilled' && answer.value)) return true
    const failed = answers.find((answer) => answer.status === 'rejected')
    if (failed !== undefined) throw failed.reason
    return false
  }
}

/**
 * Whether pings wait in the spill queue. They could not be recorded when they came, and their
 * checks seem overdue until they are. SQS knows their number at once; only CloudWatch knows the age
 * of the oldest.
 */
export function makeSpillSignal(spill: Pick<Queue, 'depth'>): OtherSignal {
  return async () => (await spill.depth()) > 0
}

/**
 * Whether the ping function has failed, by its metrics. CloudWatch has them by the minute, a minute
 * or two late. Asking costs $0.00003, and happens only while canaries fail.
 */
export function makePingMetrics(post: AwsPost, functionName: string): OtherSignal {
  return async (from, to) => {
    const startedAt = Math.floor(from / MINUTE_MS) * MINUTE_MS
    const form = new URLSearchParams({
      Action: 'GetMetricData',
      Version: '2010-08-01',
      StartTime: new Date(startedAt).toISOString(),
      EndTime: new Date(Math.max(to, startedAt + MINUTE_MS)).toISOString(),
    })
    for (const [index, name] of metrics.entries()) {
      for (const [field, value] of Object.entries(queryOf(name, functionName)))
        form.set(`MetricDataQueries.member.${index + 1}.${field}`, value)
    }
    const headers = {
      'content-type': 'application/x-www-form-urlencoded; charset=utf-8',
      accept: 'application/xml',
    }
    const { status, text } = await post('monitoring', { headers, body: form.toString() })
    if (status !== 200)
      throw new Error(
        `CloudWatch answered ${status} ${/<Code>(\w+)<\/Code>/.exec(text)?.[1] ?? 'unknown error'}`,
      )
    return valuesOf(text).some((value) => value > 0)
  }
}

function queryOf(name: string, functionName: string): Readonly<Record<string, string>> {
  return {
    Id: name.toLowerCase(),
    'MetricStat.Metric.Namespace': 'AWS/Lambda',
    'MetricStat.Metric.MetricName': name,
    'MetricStat.Metric.Dimensions.member.1.Name': 'FunctionName',
    'MetricStat.Metric.Dimensions.member.1.Value': functionName,
    'MetricStat.Period': (MINUTE_MS / 1000).toString(),
    'MetricStat.Stat': 'Sum',
  }
}

function valuesOf(answer: string): readonly number[] {
  const lists = [...answer.matchAll(/<Values>(.*?)<\/Values>/gs)]
  return lists.flatMap(([, list = '']) =>
    [...list.matchAll(/<member>([^<]*)<\/member>/g)].map(([, value]) => Number(value)),
  )
}
