import { linkAllowance } from '../domain/telling/allowance.ts'
import type { Author } from '../domain/people/audit.ts'
import type { Channel } from '../channels/kinds.ts'
import {
  type EmailChannel,
  emailKind,
  type PendingVerification,
} from '../domain/telling/channel.ts'
import type { Notice } from '../domain/telling/notice.ts'
import { askForVerification, staysAsItWas } from '../domain/telling/verification.ts'
import type { Random } from '../runtime/random.ts'
import type { Registry } from '../store/registry/registry.ts'
import type { Addresses } from '../store/telling/addresses.ts'
import type { Allowances } from '../store/telling/allowances.ts'

export type LinkDeps = {
  readonly registry: Pick<Registry, 'project'>
  readonly addresses: Pick<Addresses, 'suppression' | 'takeLink' | 'giveBackLink'>
  readonly allowances: Pick<Allowances, 'take'>
  /** The queue of tests and links, which are asked for and are no alerts. */
  readonly notices: { send(notices: readonly Notice[]): Promise<void> }
  readonly random: Random
}

/** Whose channel is written, when, and where the link leads that verifies an address. */
export type ChannelRequest = {
  readonly projectId: string
  readonly now: number
  readonly by: Author
  readonly linkOf: (channelId: string, token: string) => string
}

/** A channel as somebody wants it, without the verification of its address. */
export type WantedChannel = Exclude<Channel, EmailChannel> | Omit<EmailChannel, 'verification'>

/** A channel to be stored, and the link that is to be mailed for it. */
export type AskedChannel = {
  readonly channel: Channel
  readonly link?: {
    readonly token: string
    readonly channel: EmailChannel
    readonly pending: PendingVerification
  }
}

/** What there was before, and whether the address is named again. */
export type PastChannel = { readonly before: Channel; readonly isAddressNamed: boolean }

/** Why no link is mailed: the project or the address has had its share. */
export type LinkRefusal = { readonly refusal: 'project-links-used-up' | 'address-links-used-up' }

/** A new address has yet to be verified by a link; one that is good stays so. */
export async function withVerification(
  deps: LinkDeps,
  { wanted, past }: { readonly wanted: WantedChannel; readonly past?: PastChannel },
  { projectId, now }: ChannelRequest,
): Promise<AskedChannel | LinkRefusal> {
  if (wanted.kind !== emailKind) return { channel: wanted }
  const before = past && addressBefore(past.before, wanted.address)
  if (before !== undefined && (await isKept(deps, before, past?.isAddressNamed ?? true)))
    return { channel: { ...wanted, verification: before.verification } }
  const refused = await takeLink(deps, wanted.address, { projectId, now })
  if (refused !== undefined) return refused
  const { token, pending } = askForVerification(now, (count) => deps.random.bytes(count))
  const channel = { ...wanted, verification: pending }
  return { channel, link: { token, channel, pending } }
}

function addressBefore(before: Channel, address: string): EmailChannel | undefined {
  return before.kind === emailKind && before.address === address ? before : undefined
}

async function isKept(
  { addresses }: LinkDeps,
  before: EmailChannel,
  isNamed: boolean,
): Promise<boolean> {
  const suppression = isNamed ? await addresses.suppression(before.address) : undefined
  return staysAsItWas({ before, isNamed, isSuppressed: suppression !== undefined })
}

async function takeLink(
  { addresses, allowances }: LinkDeps,
  address: string,
  { projectId, now }: Pick<ChannelRequest, 'projectId' | 'now'>,
): Promise<LinkRefusal | undefined> {
  if ((await allowances.take(projectId, linkAllowance, now)) === 'used up')
    return { refusal: 'project-links-used-up' }
  if ((await addresses.takeLink(address, now)) === 'used up')
    return { refusal: 'address-links-used-up' }
  return undefined
}

/** Undoes the taking of a link after a later step failed, so that a second try gets one. */
export async function giveBackLink(
  { addresses }: Pick<LinkDeps, 'addresses'>,
  { link }: AskedChannel,
): Promise<void> {
  if (link !== undefined) await addresses.giveBackLink(link.channel.address, link.pending.mailedAt)
}

/** Hands the mail with the link to the Deliveries queue. */
export async function mailLink(
  { registry, notices }: Pick<LinkDeps, 'registry' | 'notices'>,
  { link }: AskedChannel,
  { projectId, linkOf }: ChannelRequest,
): Promise<void> {
  if (link === undefined) return
  const { channel, token, pending } = link
  const project = await registry.project(projectId)
  await notices.send([
    {
      channel,
      projectId,
      projectName: project?.name ?? '',
      link: linkOf(channel.id, token),
      requestedAt: pending.mailedAt,
      expiresAt: pending.expiresAt,
    },
  ])
}
