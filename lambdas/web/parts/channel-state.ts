import { isEmail, type PendingVerification } from '../../domain/telling/channel.ts'
import type { ChannelOutcome } from '../../domain/telling/delivery-progress.ts'
import { linkIntervalMs } from '../../domain/telling/link-limit.ts'
import type { Project } from '../../domain/people/project.ts'
import { shortDuration } from '../../domain/wire/words.ts'
import type { ChannelHealth } from '../channels/one-channel.ts'
import { type Html, html } from '../html.ts'
import { channelPath } from './channel-test.ts'
import { relativeTime, type Reader } from './time.ts'

/** Shape, word and colour of how a channel does, with what there is to say of it. */
export function channelMark({ channel, last, suppression }: ChannelHealth, reader: Reader): Html {
  if (isEmail(channel) && channel.verification.state === 'pending') {
    const { expiresAt } = channel.verification
    const words =
      expiresAt > reader.now
        ? 'for its owner to follow the mailed link'
        : 'for its owner, and the mailed link has expired'
    return html`${mark('late', 'Waiting')} ${words}`
  }
  if (suppression !== undefined) {
    const { at, reason, detail } = suppression
    const cause = reason === 'bounce' ? 'mail came back' : 'its owner complained'
    return html`${mark('down', 'Suppressed')} ${relativeTime(at, reader)}:
    ${cause}${detail !== '' && html` <span class="soft">(${detail})</span>`}`
  }
  if (last?.state === 'failed') return html`${mark('down', 'Failed')}`
  if (last?.state === 'waiting') return html`${mark('down', 'Failing')} it is tried again`
  if (isEmail(channel)) return mark('up', 'Verified')
  return last === undefined ? mark('new', 'Not tried yet') : mark('up', 'Works')
}

function mark(shape: 'up' | 'late' | 'down' | 'new', word: string): Html {
  return html`<span class="status ${shape}"
    ><span class="shape" aria-hidden="true"></span>${word}</span
  >`
}

/** What became of what was sent last; of what was sent, a remark says what to change. */
export function lastSent(last: ChannelOutcome | undefined, reader: Reader): Html {
  if (last === undefined) return html`<span class="soft">never</span>`
  const words = { sent: 'sent', waiting: 'not taken', failed: 'not taken' }[last.state]
  return html`${words} ${relativeTime(last.at, reader)}${last.error !== '' && `: ${last.error}`}`
}

/** What has a link mailed again, or how long it takes until there may be another one. */
export function linkButton(
  project: Project,
  { channel, suppression }: ChannelHealth,
  { now }: Reader,
): Html | false {
  if (!isEmail(channel)) return false
  const { verification, address } = channel
  if (verification.state === 'verified' && suppression === undefined) return false
  const waitMs = verification.state === 'pending' ? waitFor(verification, now) : 0
  if (waitMs > 0) return html`<span class="soft">Send again in ${shortDuration(waitMs)}</span>`
  const words = verification.state === 'pending' ? 'Send again' : 'Send a link'
  return html`<form method="post" action="${channelPath(project, channel, 'link')}">
    <button>${words}<span class="hidden"> to ${address}</span></button>
  </form>`
}

/** In whole minutes. */
function waitFor({ mailedAt }: PendingVerification, now: number): number {
  return Math.max(0, Math.ceil((mailedAt + linkIntervalMs - now) / 60_000) * 60_000)
}
