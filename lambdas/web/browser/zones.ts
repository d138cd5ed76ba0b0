const HOUR_MS = 3_600_000
/** No zone changes its offset by more. */
const LONGEST_OVERLAP_MS = 3 * HOUR_MS

/** Lets one choose by whose clocks the times of the page are shown. */
export function switchZones(): void {
  for (const choice of choices()) {
    choice.hidden = false
    choice.addEventListener('change', showZone)
  }
}

/** Shows times by the clocks of the zone that is chosen. */
export function showZone(): void {
  for (const { value } of choices()) {
    for (const time of document.querySelectorAll<HTMLTimeElement>('time[data-zoned]'))
      time.textContent = shortTime(Date.parse(time.dateTime), value)
    for (const name of document.querySelectorAll('[data-zone-name]')) name.textContent = value
  }
}

function choices(): NodeListOf<HTMLSelectElement> {
  return document.querySelectorAll<HTMLSelectElement>('select[data-zone]')
}

/** `22 Nov 03:00:00`, with the offset where the clocks change within hours, as the server does. */
function shortTime(at: number, timeZone: string): string {
  const { day, month, hour, minute, second } = partsOf(at, timeZone)
  const isNearChange =
    offsetAt(at - LONGEST_OVERLAP_MS, timeZone) !== offsetAt(at + LONGEST_OVERLAP_MS, timeZone)
  const offset = isNearChange ? ` (${offsetAt(at, timeZone)})` : ''
  return `${day} ${month} ${hour}:${minute}:${second}${offset}`
}

function partsOf(at: number, timeZone: string): Readonly<Record<string, string>> {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    hourCycle: 'h23',
    day: '2-digit',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    timeZoneName: 'longOffset',
  })
  const parts = format.formatToParts(at).map(({ type, value }) => [type, value] as const)
  const { month = '', ...others } = Object.fromEntries(parts)
  return { ...others, month: month.slice(0, 3) }
}

function offsetAt(at: number, timeZone: string): string {
  const { timeZoneName = '' } = partsOf(at, timeZone)
  const [, sign = '+', hours = '0', minutes = '00'] = /([+-])(\d+):(\d+)/.exec(timeZoneName) ?? []
  return `UTC${sign}${Number(hours)}${minutes === '00' ? '' : `:${minutes}`}`
}
