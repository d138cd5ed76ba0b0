/**
 * Heartbeats that belong to no check. Overdue pings them itself, to see whether pings are taken and
 * whether alerts arrive. Whoever knew their ids could ping them too, so each deployment draws its
 * own. Their UUIDs are of version 8, which is free for own uses; those of checks are of version 4.
 */
const canaryPrefix = '00000000-0000-8000-8'
const drillPrefix = '00000000-0000-8000-9'

export function newCanaryId(uuid: string): string {
  return canaryPrefix + uuid.slice(canaryPrefix.length)
}

export function newDrillId(uuid: string): string {
  return drillPrefix + uuid.slice(drillPrefix.length)
}

/** What is pinged each minute. Nobody waits for its next ping, and nobody is told of it. */
export function isCanary(id: string): boolean {
  return id.startsWith(canaryPrefix)
}

/** What goes overdue on purpose. */
export function isDrill(id: string): boolean {
  return id.startsWith(drillPrefix)
}

/** Whether a heartbeat belongs to Overdue itself, so that the registry knows no check for it. */
export function isOwn(id: string): boolean {
  return isCanary(id) || isDrill(id)
}
