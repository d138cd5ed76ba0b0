import { type Channel, type KindName, signs } from '../channels/kinds.ts'
import { renewedSecrets } from '../domain/telling/signing.ts'
import type { Author } from '../domain/people/audit.ts'
import type { log } from '../runtime/log.ts'
import type { Random } from '../runtime/random.ts'
import type { Channels } from '../store/registry/channels.ts'
import { type NotingDeps, auditWrites } from './audit-writes.ts'
import { auditedChannel } from './channel-audit.ts'
import type { WantedChannel } from './links.ts'

/** A new channel with its first secret, where its requests are signed. */
export function withFirstSecret(wanted: WantedChannel, now: number, random: Random): WantedChannel {
  if (!signs(wanted)) return wanted
  return { ...wanted, signing: renewedSecrets([], now, (count) => random.bytes(count)) }
}

/** A changed channel with the secrets that it had: no request names them. */
export function withSecretsOf(before: Channel, wanted: WantedChannel): WantedChannel {
  if (!signs(before) || !signs(wanted) || before.signing === undefined) return wanted
  return { ...wanted, signing: before.signing }
}

export type RenewDeps = NotingDeps & {
  readonly channels: Pick<Channels, 'update'>
  readonly random: Random
  readonly log: typeof log
}

export type RenewRefusal =
  | { readonly refusal: 'channel-changed' }
  | { readonly refusal: 'never-signed'; readonly kind: KindName }

type Renewal = { readonly projectId: string; readonly now: number; readonly by: Author }

/** Gives a channel a new secret, its first one if it has none. The old one signs for a day. */
export async function renewSecret(
  deps: RenewDeps,
  before: Channel,
  { projectId, now, by }: Renewal,
): Promise<Channel | RenewRefusal> {
  const { channels, random, log } = deps
  const { id, kind } = before
  if (!signs(before)) return { refusal: 'never-signed', kind }
  const signing = renewedSecrets(before.signing ?? [], now, (count) => random.bytes(count))
  const renewed = { ...before, version: before.version + 1, signing }
  const audited = auditedChannel(projectId, 'channel-secret-renewed', { before, after: renewed })
  const beside = auditWrites(deps, by, audited)
  if ((await channels.update(projectId, { before, after: renewed }, beside)) === 'changed')
    return { refusal: 'channel-changed' }
  log('channel-secret-renewed', { channel: id, project: projectId, kind })
  return renewed
}
