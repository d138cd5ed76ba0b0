import { BlockList, isIP } from 'node:net'

type Range = readonly [network: string, prefix: number]

/** Ranges that the IANA registry of special purposes keeps off the internet, and multicast. */
const closed: readonly Range[] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
]

/**
 * The internet's part of IPv6. Outside lie loopback, link-local, unique local (with AWS's
 * metadata), multicast, and two forms that carry an IPv4 address: mapped and NAT64. Teredo and 6to4
 * carry one too, but lie inside.
 */
const open6: Range = ['2000::', 3]
const closed6: readonly Range[] = [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
]

const refused4 = listOf(closed, 'ipv4')
const accepted6 = listOf([open6], 'ipv6')
const refused6 = listOf(closed6, 'ipv6')

/** Whether a text is an IP address of the public internet. */
export function isPublicAddress(address: string): boolean {
  switch (isIP(address)) {
    case 4:
      return !refused4.check(address, 'ipv4')
    case 6:
      return (
        !address.includes('%') &&
        accepted6.check(address, 'ipv6') &&
        !refused6.check(address, 'ipv6')
      )
    default:
      return false
  }
}

/** The host of a URL; an IP address without its brackets. */
export function hostOf({ hostname }: Pick<URL, 'hostname'>): string {
  return hostname.replace(/^\[(.*)\]$/, '$1')
}

/** Whether a URL may lead to the public internet: where a name leads is seen when it is called. */
export function mayBePublic(url: Pick<URL, 'hostname'>): boolean {
  const host = hostOf(url)
  return isIP(host) === 0 || isPublicAddress(host)
}

function listOf(ranges: readonly Range[], family: 'ipv4' | 'ipv6'): BlockList {
  const list = new BlockList()
  for (const [network, prefix] of ranges) list.addSubnet(network, prefix, family)
  return list
}
