import { linkAllowance, testAllowance } from '../../domain/telling/allowance.ts'
import { channelLimit } from '../../domain/telling/channel.ts'
import { linkIntervalMs, mostLinksADay } from '../../domain/telling/link-limit.ts'
import type { LinkRefusal } from '../../managing/links.ts'
import type { TestRefusal } from '../../managing/test-channel.ts'

export const linkLimitWords = `An address gets one link in ${linkIntervalMs / 60_000} minutes and ${mostLinksADay} a day, from all projects together.`
export const testLimitWords = `A project may send ${testAllowance.most} tests a minute.`

/** Why something is not done to a channel, in words for who asked for it. */
export function channelRefusalWords(
  refusal: (LinkRefusal | TestRefusal)['refusal'] | 'channels-full' | 'channel-changed',
): string {
  switch (refusal) {
    case 'project-links-used-up':
      return `No link was mailed: a project may have ${linkAllowance.most} a day, and this one has had them.`
    case 'address-links-used-up':
      return `No link was mailed. ${linkLimitWords}`
    case 'channels-full':
      return `The project has ${channelLimit} channels already, its limit.`
    case 'channel-changed':
      return 'The channel was changed at the same moment. Try again.'
    case 'channel-unverified':
      return 'No test was sent: alerts go there once its owner has followed the mailed link.'
    case 'tests-used-up':
      return `No test was sent. ${testLimitWords} Wait a minute.`
    case 'test-not-told':
      return 'No test was sent: the channel is not told of that.'
  }
}
