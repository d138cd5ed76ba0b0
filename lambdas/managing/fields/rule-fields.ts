import * as z from 'zod'
import { ruleBounds } from '../../domain/watching/rule-bounds.ts'
import type { Rules } from '../../domain/watching/rules.ts'
import { uuidPattern } from '../../domain/wire/uuid.ts'
import { isNot, listUpTo, strictObject, whole } from './parsing.ts'
import { given } from './given.ts'

const idLength = 36

const uuids = new RegExp(`^${uuidPattern}(,${uuidPattern})*$`)
const { mostChannelsTold } = ruleBounds

const escalation = strictObject({
  after: whole(ruleBounds.escalationSeconds),
  channels: z
    .string({ error: isNot('a string') })
    .max(mostChannelsTold * (idLength + 1) - 1, { error: 'is too long', abort: true })
    .regex(uuids, { error: 'is not a list of channel ids with commas between', abort: true })
    .refine((ids) => isEachOnce(ids.split(',')), 'has a channel twice'),
})

/** What a check asks for beyond its schedule and grace, as requests give it and answers show it. */
export const ruleFields = strictObject({
  max_runtime: whole(ruleBounds.runtimeSeconds)
    .optional()
    .describe('Seconds that a run may take that reported its start, instead of grace'),
  min_runtime: whole(ruleBounds.runtimeSeconds)
    .optional()
    .describe('A success that ends its run sooner is a failure'),
  early: whole(ruleBounds.earlySeconds)
    .optional()
    .describe('Seconds that a success may come before a scheduled run, as the ping of that run'),
  most_pings: strictObject({
    count: whole(ruleBounds.ends),
    seconds: whole(ruleBounds.endsSeconds),
  })
    .optional()
    .describe('More ends of runs than count within so many seconds are failures'),
  failures: strictObject({ count: whole(ruleBounds.runs), of: whole(ruleBounds.runs).optional() })
    .refine(({ count, of: runs = count }) => runs >= count, {
      path: ['of'],
      error: 'is too small',
    })
    .optional()
    .describe('Down at so many failures among the last runs; in a row where of is not given'),
  successes: whole(ruleBounds.runs)
    .optional()
    .describe('Successes in a row that bring up again a check that is down'),
  repeat: whole(ruleBounds.repeatSeconds)
    .optional()
    .describe('Seconds after which those who were told are told again, while the check is down'),
  escalate: listUpTo(escalation, ruleBounds.mostEscalations)
    .optional()
    .describe('Further channels, by id, told when the check is down for so long'),
  depends_on: listUpTo(
    z
      .string({ error: isNot('a string') })
      .regex(new RegExp(`^${uuidPattern}$`), 'is not a UUID in small letters'),
    ruleBounds.mostParents,
  )
    .refine(isEachOnce, 'has a check twice')
    .optional()
    .describe('Checks of the project; while one of them is down, alerts wait'),
})

type RuleFields = z.infer<typeof ruleFields>

/** The rules that a request asks for; none for null. */
export function rulesOf(fields: RuleFields | null): Rules {
  const { failures, escalate, ...others } = fields ?? {}
  return given({
    maxRuntimeSeconds: others.max_runtime,
    minRuntimeSeconds: others.min_runtime,
    earlySeconds: others.early,
    mostPings: others.most_pings,
    failures: failures && { count: failures.count, of: failures.of ?? failures.count },
    successes: others.successes,
    repeatSeconds: others.repeat,
    escalate: escalate?.map(({ after, channels }) => ({
      afterSeconds: after,
      channelIds: channels.split(','),
    })),
    dependsOn: others.depends_on,
  })
}

/** Rules as answers show them. */
export function ruleAnswer(rules: Rules): RuleFields {
  return given({
    max_runtime: rules.maxRuntimeSeconds,
    min_runtime: rules.minRuntimeSeconds,
    early: rules.earlySeconds,
    most_pings: rules.mostPings,
    failures: rules.failures,
    successes: rules.successes,
    repeat: rules.repeatSeconds,
    escalate: rules.escalate?.map(({ afterSeconds, channelIds }) => ({
      after: afterSeconds,
      channels: channelIds.join(','),
    })),
    depends_on: rules.dependsOn && [...rules.dependsOn],
  })
}

function isEachOnce(all: readonly string[]): boolean {
  return new Set(all).size === all.length
}
