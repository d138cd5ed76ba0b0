/** An item as DynamoDB writes it in JSON. */
export type RawItem = Readonly<Record<string, object>>

/** What each heartbeat has of its own, as the models have it, in whose place it is written. */
export const model = {
  id: '11111111-1111-4111-8111-111111111111',
  requestId: '22222222-2222-4222-8222-222222222222',
  pingedAt: 1_111_111_111_111,
  minute: '44 * * * *',
  project: '33333333-3333-4333-8333-333333333333',
} as const

/**
 * Heartbeats that the product wrote: of a simple schedule, of cron, which has 60 expressions in the
 * population, and of one with rules and a window.
 */
export type Models = { readonly simple: RawItem; readonly cron: RawItem; readonly ruled: RawItem }

/** Hourly, and as long late before it counts: what is late goes down within the hour. */
export const periodMs = 3_600_000
/** When the sweep looks at the population. */
export const sweptAt = Date.UTC(2026, 0, 1, 12, 30)

const MINUTE_MS = 60_000
const OVERDUE_EACH = 1000
/** Of as many, these are late. */
const LATE = 50

/** Overdue since the last sweep. */
const OVERDUE_SPREAD_MS = MINUTE_MS - 3000

export function idOf(index: number): string {
  // Spread as those of a deployment are, and to be had back.
  return `${index.toString(16).padStart(8, '0')}-0000-4000-8000-${((index * 2_654_435_761) % 2 ** 32).toString(16).padStart(12, '0')}`
}

export function indexOf(id: string): number {
  return Number.parseInt(id.slice(0, 8), 16)
}

/**
 * When the heartbeat was last pinged: 0.1 % so long ago that they are overdue, 5 % that they are
 * late.
 */
export function pingedAtOf(index: number): number {
  const share = fraction(index)
  const kind = index % OVERDUE_EACH
  if (kind === 0) return sweptAt - 2 * periodMs - MINUTE_MS + Math.floor(share * OVERDUE_SPREAD_MS)
  if (kind <= LATE) return sweptAt - periodMs - Math.floor(share * (periodMs - 3 * MINUTE_MS))
  return sweptAt - Math.floor((share * periodMs) / 2)
}

/**
 * Writes items of the population as DynamoDB does; with those attributes alone, if some are named.
 */
export function makeWriter(
  { simple, cron, ruled }: Models,
  ruledEach = Infinity,
  attributes?: readonly string[],
): (index: number) => string {
  const [ofSimple, ofCron, ofRuled] = [simple, cron, ruled].map((item) =>
    writerOf(item, attributes),
  ) as [Write, Write, Write]
  return (index) => {
    if (index % ruledEach === ruledEach - 1) return ofRuled(index)
    return index % OVERDUE_EACH > LATE && index % 4 === 3 ? ofCron(index) : ofSimple(index)
  }
}

type Write = (index: number) => string

function writerOf(
  item: RawItem,
  attributes: readonly string[] | undefined,
): (index: number) => string {
  const wanted = Object.entries(item).filter(
    ([name]) => attributes === undefined || attributes.includes(name),
  )
  const parts = JSON.stringify(Object.fromEntries(wanted)).split(
    new RegExp(`(${Object.values(model).map(escaped).join('|')})`),
  )
  return (index) => parts.map((part) => own(part, index)).join('')
}

function own(part: string, index: number): string {
  if (part === model.id) return idOf(index)
  if (part === model.requestId) return idOf(index + 1)
  if (part === model.pingedAt.toString()) return pingedAtOf(index).toString()
  return part === model.minute ? `${index % 60} * * * *` : part
}

function escaped(value: string | number): string {
  return value.toString().replaceAll('*', '\\*')
}

/** The same for each index in each run. */
function fraction(index: number): number {
  return ((index * 2_654_435_761) % 2 ** 32) / 2 ** 32
}
