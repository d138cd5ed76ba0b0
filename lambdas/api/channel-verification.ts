import { linkAllowance } from '../domain/telling/allowance.ts'
import type { Channel, EmailChannel } from '../domain/telling/channel.ts'
import { askForVerification } from '../domain/telling/verification.ts'
import type { WantedChannel } from './channel-fields.ts'
import type { ApiDeps } from './deps.ts'
import { HttpError } from './http-error.ts'
import type { Call } from './resource.ts'

/**
 * A channel to be stored, and the token of the link to be mailed when its address is to be
 * verified.
 */
export type Asked = {
  readonly channel: Channel
  readonly token?: { readonly text: string; readonly for: EmailChannel }
}

/**
 * What there was before, and whether the request names the address: naming one that is not
 * verified, or gets no mail any more, asks for a link.
 */
type Past = { readonly before: Channel; readonly isNamed: boolean }

/**
 * A new address has yet to be verified; one that was stays so. @throws HttpError 429 for a link
 * more than the project or the address may have.
 */
export async function unverified(
  deps: ApiDeps,
  wanted: WantedChannel,
  { caller, viewer }: Call,
  past?: Past,
): Promise<Asked> {
  if (wanted.kind !== 'email') return { channel: wanted }
  const before =
    past?.before.kind === 'email' && past.before.address === wanted.address
      ? past.before
      : undefined
  if (before !== undefined && (past?.isNamed === false || (await isGood(deps, before)))) {
    return { channel: { ...wanted, verification: before.verification } }
  }
  await takeLink(deps, wanted.address, { projectId: caller.projectId, now: viewer.now })
  const { token, pending } = askForVerification(viewer.now, (count) => deps.random.bytes(count))
  const channel = { ...wanted, verification: pending }
  return { channel, token: { text: token, for: channel } }
}

async function isGood(
  { addresses }: ApiDeps,
  { address, verification }: EmailChannel,
): Promise<boolean> {
  return verification.state === 'verified' && (await addresses.suppression(address)) === undefined
}

async function takeLink(
  { addresses, allowances }: ApiDeps,
  address: string,
  { projectId, now }: { readonly projectId: string; readonly now: number },
): Promise<void> {
  if ((await allowances.take(projectId, linkAllowance, now)) === 'used up') {
    throw new HttpError(
      429,
      `a project may have ${linkAllowance.most} links mailed a day, try again tomorrow`,
    )
  }
  if ((await addresses.takeLink(address, now)) === 'used up') {
    throw new HttpError(
      429,
      'an address gets one link in ten minutes and five a day, from all projects, try again later',
    )
  }
}

/** Undoes what failed behind it, so that whoever tries again gets a link. */
export async function giveBackLink({ addresses }: ApiDeps, { token }: Asked): Promise<void> {
  if (token?.for.verification.state === 'pending')
    await addresses.giveBackLink(token.for.address, token.for.verification.mailedAt)
}

/**
 * Hands the mail with the link to the Deliveries queue. The link leads to where the request came
 * in.
 */
export async function mailLink(
  deps: ApiDeps,
  { caller, viewer }: Call,
  { token }: Asked,
): Promise<void> {
  if (token === undefined || token.for.verification.state !== 'pending') return
  const { mailedAt: requestedAt, expiresAt } = token.for.verification
  const project = await deps.registry.project(caller.projectId)
  const link = `${viewer.site.root}/api/v3/verify/${caller.projectId}/${token.for.id}/${token.text}`
  const { projectId } = caller
  await deps.notices.send([
    {
      channel: token.for,
      projectId,
      projectName: project?.name ?? '',
      link,
      requestedAt,
      expiresAt,
    },
  ])
}
