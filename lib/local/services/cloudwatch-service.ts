import { z } from 'zod'
import { CallError, type AwsService } from './aws-call.ts'
import type { Metrics } from './metrics.ts'

const headers = { 'content-type': 'text/xml' }

const callShape = z.looseObject({ StartTime: z.iso.datetime(), EndTime: z.iso.datetime() })
const queryShape = z.object({
  Id: z.string().regex(/^[a-z]\w*$/),
  'MetricStat.Metric.Namespace': z.literal('AWS/Lambda'),
  'MetricStat.Metric.MetricName': z.enum(['Errors', 'Throttles', 'Url5xxCount']),
  'MetricStat.Metric.Dimensions.member.1.Name': z.literal('FunctionName'),
  'MetricStat.Metric.Dimensions.member.1.Value': z.string(),
  'MetricStat.Period': z.literal('60'),
  'MetricStat.Stat': z.literal('Sum'),
})

/** Plays CloudWatch, as far as Overdue uses it: how often a function failed, minute by minute. */
export function makeCloudWatchService(metrics: Metrics): AwsService {
  return {
    accesses: ({ operation }) => [{ action: `cloudwatch:${operation}`, resource: '*' }],
    resources: () => ['Metrics'],
    perform: ({ operation, input }) => {
      if (operation !== 'GetMetricData')
        throw new CallError(
          'UnsupportedOperation',
          `the local stack does not play cloudwatch.${operation}`,
        )
      const { StartTime, EndTime } = callShape.parse(input)
      const span = { from: Date.parse(StartTime), to: Date.parse(EndTime) }
      const results = queriesOf(input).map((query) => {
        const values = metrics.sums(
          query['MetricStat.Metric.Dimensions.member.1.Value'],
          query['MetricStat.Metric.MetricName'],
          span,
        )
        return `<member><Id>${query.Id}</Id><Values>${values.map((value) => `<member>${value}</member>`).join('')}</Values></member>`
      })
      const result = `<GetMetricDataResult><MetricDataResults>${results.join('')}</MetricDataResults></GetMetricDataResult>`
      return Promise.resolve({
        status: 200,
        headers,
        body: `<GetMetricDataResponse>${result}</GetMetricDataResponse>`,
      })
    },
    refuse: ({ name, message, status }) => ({
      status,
      headers,
      body: `<ErrorResponse><Error><Code>${name}</Code><Message>${message}</Message></Error></ErrorResponse>`,
    }),
  }
}

/** The queries of a form, whose fields are numbered from one. */
function queriesOf(form: Readonly<Record<string, unknown>>): readonly z.infer<typeof queryShape>[] {
  const queries = new Map<string, Record<string, unknown>>()
  for (const [name, value] of Object.entries(form)) {
    const [, number = '', field = ''] = /^MetricDataQueries\.member\.(\d+)\.(.+)$/.exec(name) ?? []
    if (number !== '') queries.set(number, { ...queries.get(number), [field]: value })
  }
  return [...queries.values()].map((query) => queryShape.parse(query))
}
