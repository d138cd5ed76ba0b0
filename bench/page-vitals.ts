import type { Page } from 'playwright-core'

/** What who opens a page waits for, as the browser tells it. */
export type PageVitals = {
  readonly firstPaintMs: number
  /** How far things move while it loads: cumulative layout shift. */
  readonly shift: number
  /** How long the page can't answer a hand: what tasks of the script and layout take over 50 ms. */
  readonly blockedMs: number
  /** Of all that it loads, as it came. */
  readonly bytes: number
}

const SLOW_4G = {
  offline: false,
  latency: 150,
  downloadThroughput: 1_600_000 / 8,
  uploadThroughput: 750_000 / 8,
}
const TIMES_SLOWER = 4

const observe = `
  window.observers = ['layout-shift', 'longtask'].map((type) => {
    const seen = []
    const observer = new PerformanceObserver((list) => seen.push(...list.getEntries()))
    observer.observe({ type, buffered: true })
    return () => [...seen, ...observer.takeRecords()]
  })
`

const read = `new Promise((done) => {
  const total = (numbers) => numbers.reduce((sum, each) => sum + each, 0)
  const tell = (firstPaintMs) => {
    const [shifts, tasks] = window.observers.map((entries) => entries())
    const loaded = ['navigation', 'resource'].flatMap((type) => performance.getEntriesByType(type))
    done({
      firstPaintMs,
      shift: total(shifts.map(({ value }) => value)),
      blockedMs: total(tasks.map(({ duration }) => duration - 50)),
      bytes: total(loaded.map(({ encodedBodySize }) => encodedBodySize)),
    })
  }
  new PerformanceObserver((list) => {
    const paint = list.getEntries().find(({ name }) => name === 'first-contentful-paint')
    if (paint !== undefined) tell(paint.startTime)
  }).observe({ type: 'paint', buffered: true })
})`

/** Opens a page for the first time on a slow phone: over slow 4G, by a quarter of the processor. */
export async function vitalsOf(page: Page, url: string): Promise<PageVitals> {
  const session = await page.context().newCDPSession(page)
  await session.send('Network.enable')
  await session.send('Network.setCacheDisabled', { cacheDisabled: true })
  await session.send('Network.emulateNetworkConditions', SLOW_4G)
  await session.send('Emulation.setCPUThrottlingRate', { rate: TIMES_SLOWER })
  await page.addInitScript(observe)
  await page.goto(url, { waitUntil: 'load' })
  return page.evaluate<PageVitals>(read)
}
