import { parseAccept } from 'hono/utils/accept'

/** How a body is sent: as it is, or compressed. */
export type Coding = 'identity' | 'gzip'

/**
 * The codings that a client takes by its Accept-Encoding, the preferred one first (RFC 9110,
 * 12.5.3). As it is, a body may be sent unless the header says no to that; a client that says
 * nothing gets nothing compressed.
 */
export function acceptedCodings(header: string): readonly Coding[] {
  const named = new Map(parseAccept(header.toLowerCase()).map(({ type, q }) => [type, q]))
  const others = named.get('*')
  const qualities = {
    gzip: named.get('gzip') ?? named.get('x-gzip') ?? others ?? 0,
    identity: named.get('identity') ?? others ?? LEAST,
  }
  return codings
    .filter((coding) => qualities[coding] > 0)
    .sort((one, other) => qualities[other] - qualities[one])
}

/** Below what a header can say: what is named goes before what is not. */
const LEAST = 0.0001

const codings = ['gzip', 'identity'] as const
