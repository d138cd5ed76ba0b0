import { periodInWords } from '../schedule/words.ts'
import type { Check } from './check.ts'
import type { Rules } from './rules.ts'

/** What a channel is called, by its id. */
type NameOf = (id: string) => string

/** What a check asks for beyond its schedule and grace, one sentence each, without a full stop. */
export function rulesInWords(check: Check, nameOf: NameOf): readonly string[] {
  const { rules = {}, methods, manualResume } = check
  return [
    ...(methods === '' ? [] : [`Only ${methods} requests ping it`]),
    ...filtersInWords(check),
    ...(manualResume ? ['Paused, it is resumed by hand'] : []),
    ...runRules(rules),
    ...toleranceRules(rules),
    ...tellingRules(rules, nameOf),
  ]
}

function filtersInWords({ filters }: Check): readonly string[] {
  const { subject, body, httpBody, defaultFail } = filters
  const places = [
    ...(subject ? ['the subject of mails'] : []),
    ...(body ? ['the text of mails'] : []),
    ...(httpBody ? ['the body of requests'] : []),
  ]
  if (places.length === 0) return []
  const words = [
    ...wordRule('start', filters.startKeywords),
    ...wordRule('success', filters.successKeywords),
    ...wordRule('failure', filters.failureKeywords),
  ]
  const otherwise = defaultFail ? 'a failure' : 'ignored'
  return [`Words in ${places.join(' and ')} decide: ${words.join('; ')}; others are ${otherwise}`]
}

function wordRule(what: string, keywords: string): readonly string[] {
  return keywords === '' ? [] : [`${what} by ${keywords}`]
}

function runRules({ maxRuntimeSeconds, minRuntimeSeconds, earlySeconds }: Rules) {
  return [
    ...(maxRuntimeSeconds === undefined
      ? []
      : [`A run that has started may take ${periodInWords(maxRuntimeSeconds)}`]),
    ...(minRuntimeSeconds === undefined
      ? []
      : [`A run that ends within ${periodInWords(minRuntimeSeconds)} has failed`]),
    ...(earlySeconds === undefined
      ? []
      : [`A success up to ${periodInWords(earlySeconds)} early counts for the coming run`]),
  ]
}

function toleranceRules({ mostPings, failures, successes }: Rules) {
  return [
    ...(mostPings === undefined
      ? []
      : [
          `More than ${mostPings.count} runs within ${periodInWords(mostPings.seconds)} are failures`,
        ]),
    ...(failures === undefined
      ? []
      : [`It goes down at ${failures.count} failures among its last ${failures.of} runs`]),
    ...(successes === undefined ? [] : [`It comes up again after ${successes} successes in a row`]),
  ]
}

function tellingRules({ repeatSeconds, escalate = [], dependsOn = [] }: Rules, nameOf: NameOf) {
  return [
    ...(repeatSeconds === undefined
      ? []
      : [`While it is down, people are told again every ${periodInWords(repeatSeconds)}`]),
    ...escalate.map(
      ({ afterSeconds, channelIds }) =>
        `Down for ${periodInWords(afterSeconds)}, it tells ${channelIds.map(nameOf).join(', ')} as well`,
    ),
    ...(dependsOn.length === 0
      ? []
      : [
          dependsOn.length === 1
            ? 'Its alerts wait while the check that it depends on is down'
            : `Its alerts wait while one of the ${dependsOn.length} checks that it depends on is down`,
        ]),
  ]
}
