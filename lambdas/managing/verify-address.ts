import { channelOf } from '../channels/kinds.ts'
import { type EmailChannel, isEmail } from '../domain/telling/channel.ts'
import { isValidToken, verified } from '../domain/telling/verification.ts'
import type { Author } from '../domain/people/audit.ts'
import type { Clock } from '../runtime/clock.ts'
import type { log } from '../runtime/log.ts'
import type { Channels } from '../store/registry/channels.ts'
import type { Addresses } from '../store/telling/addresses.ts'
import { type NotingDeps, auditWrites } from './audit-writes.ts'
import { auditedChannel } from './channel-audit.ts'

export type VerifyAddressDeps = NotingDeps & {
  readonly channels: Pick<Channels, 'read' | 'update'>
  readonly addresses: Pick<Addresses, 'verify'>
  readonly clock: Clock
  readonly log: typeof log
}

/** What the link of a verification mail names. */
export type MailedLink = {
  readonly projectId: string
  readonly channelId: string
  readonly token: string
}

/** The channel that a link is for, while it is good. */
export async function channelOfLink(
  { channels, clock }: Pick<VerifyAddressDeps, 'channels' | 'clock'>,
  { projectId, channelId, token }: MailedLink,
): Promise<EmailChannel | undefined> {
  const stored = await channels.read(projectId, channelId)
  const channel = stored && channelOf(stored)
  if (channel === undefined || !isEmail(channel)) return undefined
  return isValidToken(channel.verification, token, clock.now()) ? channel : undefined
}

/** Lets alerts go to the address of a channel. Undefined when its link is not good any more. */
export async function verifyAddress(
  deps: VerifyAddressDeps,
  link: MailedLink,
  by: Author,
): Promise<EmailChannel | undefined> {
  const channel = await channelOfLink(deps, link)
  if (channel === undefined) return undefined
  const now = deps.clock.now()
  // Following the link shows that mail arrives: what kept mail from the address is over.
  await deps.addresses.verify(channel.address, now)
  const after = verified(channel, now)
  const states = { before: channel, after }
  const audited = auditedChannel(link.projectId, 'channel-verified', states)
  const beside = auditWrites(deps, by, audited)
  if ((await deps.channels.update(link.projectId, states, beside)) === 'changed') return undefined
  deps.log('channel-verified', { channel: channel.id, project: link.projectId })
  return after
}
