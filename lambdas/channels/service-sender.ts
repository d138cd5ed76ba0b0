import type { ChannelBase } from '../domain/telling/channel.ts'
import { type DigestEntry, digestMessageOf } from '../domain/telling/digest.ts'
import { messageOf } from '../domain/telling/message.ts'
import { outageIdOf } from '../domain/telling/outage-id.ts'
import type { HttpRequest } from '../domain/telling/webhook-request.ts'
import { messageOfDigest } from './digest-message.ts'
import { bareOf } from './fitting.ts'
import type { Answer, HttpSender } from './http.ts'
import { type Attempt, forbidden } from './outcome.ts'
import { masked } from './secrets.ts'
import type { DeliveryTo, DigestTo, Sender } from './sender.ts'
import { answerInWords, mayMindWords, meaningOf } from './service-answer.ts'
import { type Again, type ChannelService, secretNames, type Telling } from './service.ts'

/** What tells channels of a kind of service. No error of it holds a secret of the channel. */
export function serviceSender<To extends ChannelBase>(
  service: ChannelService<To>,
  http: Pick<HttpSender, 'call'>,
): Sender<To> {
  const { fields, isGathered } = service.kind
  let names: readonly string[] | undefined
  const secretsOf = (channel: To): readonly string[] => {
    // Fields are made once, and not before they are needed.
    const known = (names ??= secretNames(fields()))
    return Object.entries(channel).flatMap(([field, value]) =>
      known.includes(field) && typeof value === 'string' ? [value] : [],
    )
  }
  const attempt = async (telling: Telling<To>, now: number) => {
    const secrets = secretsOf(telling.channel)
    try {
      const call = async (each: HttpRequest) => withoutSecrets(await http.call(each, now), secrets)
      return await called(service, call, telling)
    } catch (error) {
      // Without its cause, which holds what is masked here.
      const message = error instanceof Error ? error.message : String(error)
      return Promise.reject(new Error(masked(message, secrets)))
    }
  }
  return {
    callsHosts: true,
    send: (delivery, now) => attempt(tellingOf(delivery, now), now),
    ...(isGathered === true && {
      sendDigest: (request, entries, now) => attempt(digestTellingOf(request, entries, now), now),
    }),
  }
}

/** A secret has to go before the text is shortened: its beginning would stay. */
function withoutSecrets(
  answer: Answer | 'forbidden',
  secrets: readonly string[],
): Answer | 'forbidden' {
  return answer === 'forbidden' ? answer : { ...answer, body: masked(answer.body, secrets) }
}

function tellingOf<To extends ChannelBase>(delivery: DeliveryTo<To>, now: number): Telling<To> {
  const { alert, channel } = delivery
  return {
    channel,
    message: messageOf(alert, now),
    outage: outageIdOf(delivery),
    at: alert.flip.at,
  }
}

function digestTellingOf<To extends ChannelBase>(
  { channel, projectName }: DigestTo<To>,
  entries: readonly DigestEntry[],
  now: number,
): Telling<To> {
  const message = messageOfDigest(digestMessageOf(entries, projectName, now))
  return { channel, message, outage: `digest-${channel.id}-${now}`, at: now }
}

/**
 * Calls a service, and once more where it has moved, or minds what people and jobs have written:
 * who is told the sentence alone is told.
 */
async function called<To extends ChannelBase>(
  service: ChannelService<To>,
  call: (request: HttpRequest) => ReturnType<HttpSender['call']>,
  telling: Telling<To>,
): Promise<Attempt> {
  const request = service.request(telling)
  const answer = await call(request)
  if (answer === 'forbidden') return forbidden
  const other = service.moved?.(request, answer) ?? withoutDetails(service, telling, answer)
  if (other === undefined) return meaningOf(service, answer)
  const second = await call(other.request)
  const attempt = second === 'forbidden' ? forbidden : meaningOf(service, second)
  return attempt.kind === 'sent' ? { ...attempt, remark: other.remark } : attempt
}

function withoutDetails<To extends ChannelBase>(
  service: ChannelService<To>,
  telling: Telling<To>,
  answer: Answer,
): Again | undefined {
  if (!mayMindWords(service, answer)) return undefined
  return {
    request: service.request({ ...telling, message: bareOf(telling.message) }),
    remark: `taken without details only; with them, ${answerInWords(answer)}`,
  }
}
