import { describe, expect, it } from 'vitest'
import type { AwsPost, Post } from '../../lambdas/runtime/aws-post.ts'
import { anyOf, makePingMetrics, makeSpillSignal } from '../../lambdas/sweep/signals.ts'
import { minute, start } from '../support/builders.ts'

/** CloudWatch with one value for each metric. */
function answering(values: readonly number[], status = 200) {
  const posts: Post[] = []
  const results = values
    .map((value) => `<member><Values><member>${value}.0</member></Values></member>`)
    .join('')
  const text =
    status === 200
      ? `<GetMetricDataResponse>${results}</GetMetricDataResponse>`
      : '<Error><Code>Throttling</Code></Error>'
  const answer: AwsPost = (_, post) => {
    posts.push(post)
    return Promise.resolve({ status, text })
  }
  const signal = makePingMetrics(answer, 'Ping')
  return { signal, asked: () => new URLSearchParams(posts[0]?.body) }
}

describe('the metrics of the ping function', () => {
  it.each([
    [[0, 0, 0], false],
    [[3, 0, 0], true],
    [[0, 1, 0], true],
    [[0, 0, 2], true],
    [[], false],
  ])('%j say trouble: %s', async (values, expected) => {
    expect(await answering(values).signal(start, start + minute)).toBe(expected)
  })

  it('are asked for from the beginning of the minute, and for a whole minute at least', async () => {
    const { signal, asked } = answering([0])

    await signal(start + 59_000, start + 59_500)

    expect([asked().get('StartTime'), asked().get('EndTime')]).toEqual([
      '2026-01-01T00:00:00.000Z',
      '2026-01-01T00:01:00.000Z',
    ])
    expect(asked().get('MetricDataQueries.member.2.MetricStat.Metric.MetricName')).toBe('Throttles')
    expect(
      asked().get('MetricDataQueries.member.2.MetricStat.Metric.Dimensions.member.1.Value'),
    ).toBe('Ping')
  })

  it('are no signal when CloudWatch refuses', async () => {
    await expect(answering([], 400).signal(start, start + minute)).rejects.toThrow(
      'CloudWatch answered 400 Throttling',
    )
  })
})

describe('several signals', () => {
  const yes = () => Promise.resolve(true)
  const no = () => Promise.resolve(false)
  const broken = () => Promise.reject(new Error('no answer'))

  it('agree when one does, and are unknown when one is and no other agrees', async () => {
    expect(await anyOf(no, yes, broken)(start, start)).toBe(true)
    expect(await anyOf(no, no)(start, start)).toBe(false)
    await expect(anyOf(no, broken)(start, start)).rejects.toThrow('no answer')
  })

  it('are one of pings that wait to be recorded', async () => {
    expect(await makeSpillSignal({ depth: () => Promise.resolve(1) })(start, start)).toBe(true)
    expect(await makeSpillSignal({ depth: () => Promise.resolve(0) })(start, start)).toBe(false)
  })
})
