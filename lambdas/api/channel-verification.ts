import type { Channel, EmailChannel } from '../domain/channel.ts'
import { askForVerification, linkIntervalMs } from '../domain/verification.ts'
import type { WantedChannel } from './channel-fields.ts'
import type { ApiDeps } from './deps.ts'
import { HttpError } from './http-error.ts'
import type { Call } from './resource.ts'

/** A channel to be stored, and the token of the link to be mailed when its address is to be verified. */
export type Asked = { readonly channel: Channel; readonly token?: { readonly text: string; readonly for: EmailChannel } }

/** What there was before, and whether the request names the address: naming one that is not verified, or gets no mail any more, asks for a link. */
type Past = { readonly before: Channel; readonly isNamed: boolean }

/** A new address has yet to be verified; one that was stays so. @throws HttpError 429 for a further link within ten minutes. */
export function unverified({ random }: ApiDeps, wanted: WantedChannel, now: number, past?: Past): Asked {
  if (wanted.kind !== 'email') return { channel: wanted }
  const before = past?.before.kind === 'email' ? past.before : undefined
  const isSame = before?.address === wanted.address
  const isGood = before?.verification.state === 'verified' && before.suppression === undefined
  if (isSame && (isGood || past?.isNamed === false)) {
    const { verification, suppression } = before
    return { channel: { ...wanted, verification, ...(suppression === undefined ? {} : { suppression }) } }
  }
  if (before?.verification.state === 'pending' && now < before.verification.mailedAt + linkIntervalMs) {
    throw new HttpError(429, 'a link was mailed less than ten minutes ago')
  }
  const { token, pending } = askForVerification(now, (count) => random.bytes(count))
  const channel = { ...wanted, verification: pending }
  return { channel, token: { text: token, for: channel } }
}

/** Hands the mail with the link to the Deliveries queue. The link leads to where the request came in. */
export async function mailLink(deps: ApiDeps, { caller, viewer }: Call, { token }: Asked): Promise<void> {
  if (token === undefined || token.for.verification.state !== 'pending') return
  const { mailedAt: requestedAt, expiresAt } = token.for.verification
  const project = await deps.registry.project(caller.projectId)
  const link = `${viewer.site.root}/api/v3/verify/${caller.projectId}/${token.for.id}/${token.text}`
  const { projectId } = caller
  await deps.notices.send([{ channel: token.for, projectId, projectName: project?.name ?? '', link, requestedAt, expiresAt }])
}
