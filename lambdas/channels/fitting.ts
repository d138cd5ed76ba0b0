import type { Message } from '../domain/telling/message.ts'
import { shortened } from '../domain/wire/plain-text.ts'

/**
 * What is built of a message, with no more of it than fits: the body's beginning goes first, then
 * the description's end, then the last pings. The name, the status and the sentence stay whole.
 * @throws when these alone don't fit, which no limit of a service is small enough for.
 */
export function fitted<Built>(
  message: Message,
  build: (message: Message) => Built,
  fits: (built: Built) => boolean,
): Built {
  for (const cut of cuts) {
    const left = longest(message, cut, (each) => fits(build(each)))
    if (left !== undefined) return build(left)
    message = cut(message, 0)
  }
  throw new Error('the message is too long for its service')
}

/** The name, the status and the sentence of a message. */
export function bareOf({ lastBody: _, ...message }: Message): Message {
  return { ...message, note: '', facts: [], description: '', pings: [] }
}

/** A message with a part of it cut to so many characters. */
type Cut = (message: Message, length: number) => Message

const cuts: readonly Cut[] = [
  ({ lastBody, ...message }, length) =>
    lastBody === undefined || length === 0
      ? message
      : { ...message, lastBody: { ...lastBody, text: endOf(lastBody.text, length) } },
  (message, length) => ({
    ...message,
    description: length === 0 ? '' : shortened(message.description, length),
  }),
  (message, length) => ({ ...message, pings: message.pings.slice(0, length) }),
  (message, length) => ({ ...message, facts: message.facts.slice(0, length) }),
]

/** Longer than any part of a message. */
const MOST = 2 ** 15

/** The message with as much of a part as fits; undefined when it does not fit without. */
function longest(
  message: Message,
  cut: Cut,
  fits: (message: Message) => boolean,
): Message | undefined {
  if (fits(message)) return message
  if (!fits(cut(message, 0))) return undefined
  let [fitting, tooLong] = [0, MOST]
  while (tooLong - fitting > 1) {
    const middle = Math.floor((fitting + tooLong) / 2)
    if (fits(cut(message, middle))) fitting = middle
    else tooLong = middle
  }
  return cut(message, fitting)
}

/** The last characters of a text, an ellipsis for the rest. */
export function endOf(text: string, length: number): string {
  const characters = Array.from(text)
  return characters.length <= length
    ? text
    : `…${characters.slice(characters.length - Math.max(0, length - 1)).join('')}`
}
