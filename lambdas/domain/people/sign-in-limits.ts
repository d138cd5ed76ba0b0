import { isIPv4, isIPv6 } from 'node:net'

const HOUR_MS = 3_600_000

/** How many there may be in each stretch of the clock. */
export type SignInLimit = {
  readonly name: 'place' | 'address-hour' | 'address-day' | 'sent' | 'unsent'
  readonly most: number
  readonly perMs: number
}

/** Sign-ins that are asked for from one place of the internet. */
export const placeLimit: SignInLimit = { name: 'place', most: 30, perMs: HOUR_MS }

/** Sign-ins for one address, whether or not it is anybody's. */
export const addressLimits = [
  { name: 'address-hour', most: 5, perMs: HOUR_MS },
  { name: 'address-day', most: 20, perMs: 24 * HOUR_MS },
] as const satisfies readonly SignInLimit[]

/**
 * Mails that are really sent, over all addresses. What strangers ask for in the name of strangers
 * sends none, and so takes nothing from those who may sign in.
 */
export const sentLimit: SignInLimit = { name: 'sent', most: 500, perMs: HOUR_MS }

/** Takes as long as the one above, and refuses nobody. */
export const unsentLimit: SignInLimit = {
  name: 'unsent',
  most: Number.MAX_SAFE_INTEGER,
  perMs: HOUR_MS,
}

/** When the stretch ends in which an instant lies. */
export function stretchEnd({ perMs }: SignInLimit, now: number): number {
  return (Math.floor(now / perMs) + 1) * perMs
}

/**
 * The network that an address of the internet stands for: what one person gets of it is a whole /56
 * of IPv6, and in IPv4 neighbours share a /24 at times.
 */
export function placeOf(address: string): string {
  const mapped = /^::ffff:([\d.]+)$/i.exec(address)?.[1] ?? address
  if (isIPv4(mapped)) return `${mapped.split('.').slice(0, 3).join('.')}.0/24`
  if (!isIPv6(address)) return 'unknown'
  const [first = '0', second = '0', third = '0', fourth = '0'] = groupsOf(address)
  return `${first}:${second}:${third}:${fourth.padStart(4, '0').slice(0, 2)}00::/56`
}

/** The eight groups of an IPv6 address, without leading zeros. */
function groupsOf(address: string): readonly string[] {
  // A URL writes each address in one way.
  const short = new URL(`http://[${address.replace(/%.*$/, '')}]`).hostname.slice(1, -1)
  const [head = '', tail] = short.split('::')
  const before = head === '' ? [] : head.split(':')
  const after = tail === undefined || tail === '' ? [] : tail.split(':')
  const zeros = Math.max(0, 8 - before.length - after.length)
  return [...before, ...Array<string>(zeros).fill('0'), ...after]
}
