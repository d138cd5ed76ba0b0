import { existsSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { chromium } from 'playwright-core'
import { type Bulk, copiesOfACheck, putAll } from '../checks-in-bulk.ts'
import { DashboardVisitor, type Visit } from '../dashboard-visitor.ts'
import { type Figure, figureOf, type Row } from '../figure.ts'
import { type LocalStack, withLocalStack } from '../local-stack.ts'
import { type PageVitals, vitalsOf } from '../page-vitals.ts'

const chromiumPath = '/usr/bin/chromium'
const FEW = 1000
const MANY = 10_000
/** After so long definitions are read anew, as what is loaded here is noted nowhere. */
const KEPT_SECONDS = 660
/** Of each page, the first of which is not counted: it finds nothing in memory. */
const VISITS = 8

export const web: Row = {
  name: 'web',
  help: 'pages of 1,000 and 10,000 checks: bytes, processor, read units, and how long one waits',
  measure: (progress) => withLocalStack((stack) => measurePages(stack, progress)),
}

async function measurePages(
  stack: LocalStack,
  progress: (line: string) => void,
): Promise<readonly Figure[]> {
  const visitor = await DashboardVisitor.signIn(stack)
  const bulk = await copiesOfACheck(stack, MANY)
  progress(`loading ${FEW} checks`)
  await put(stack, bulk, [0, FEW])
  const list = `/p/${projectOf(bulk)}/`
  const few = await figuresOfList(visitor, list)
  const assets = await figuresOfAssets(stack, visitor, list)
  progress(`loading ${MANY} checks`)
  await stack.advance(KEPT_SECONDS)
  await put(stack, bulk, [FEW, MANY])
  const many = await visits(visitor, list)
  const manyPolls = await visits(visitor, `${list}live`)
  const isInstalled = existsSync(chromiumPath)
  progress(isInstalled ? 'opening the list on a slow phone' : 'no chromium: no slow phone')
  const phone = isInstalled ? await figuresOfPhone(stack, list) : []
  return [
    ...few,
    ...assets,
    {
      ...of(['list of 10,000: milliseconds', 'ms'], many, ({ milliseconds }) => milliseconds),
      target: { atMost: 600 },
    },
    of(['list of 10,000: processor', 'ms'], many, ({ cpuMs }) => cpuMs),
    of(['poll of a list of 10,000: reads', 'units'], manyPolls, ({ readUnits }) => readUnits),
    of(['poll of a list of 10,000: processor', 'ms'], manyPolls, ({ cpuMs }) => cpuMs),
    {
      ...of(['list of 10,000: reads', 'units'], many, ({ readUnits }) => readUnits),
      target: { atMost: 300 },
    },
    ...phone,
  ]
}

async function figuresOfList(visitor: DashboardVisitor, list: string): Promise<readonly Figure[]> {
  const pages = await visits(visitor, list)
  const [page] = pages
  const rows = [...(page?.text ?? '').matchAll(/data-row="([^"]+)"/g)].map(([, row]) => row)
  const live = `${list}live?rows=${rows.join(',')}`
  const polls = await visits(visitor, live)
  const { tag = '' } = polls.at(-1) ?? {}
  const unchanged = await visitor.visit(live, { 'If-None-Match': tag })
  const check = await visits(visitor, `${list}c/${rows[0] ?? ''}`)
  return [
    {
      ...of(['list of 1,000: HTML, gzipped', 'bytes'], pages, ({ gzippedBytes }) => gzippedBytes),
      target: { atMost: 10_000 },
    },
    of(['list of 1,000: processor', 'ms'], pages, ({ cpuMs }) => cpuMs),
    of(['list of 1,000: reads', 'units'], pages, ({ readUnits }) => readUnits),
    {
      ...of(['poll of a list of 1,000: reads', 'units'], polls, ({ readUnits }) => readUnits),
      target: { atMost: 30 },
    },
    {
      ...of(['poll of a list of 1,000: processor', 'ms'], polls, ({ cpuMs }) => cpuMs),
      target: { atMost: 60 },
    },
    {
      name: 'poll that finds nothing new',
      unit: 'status',
      value: unchanged.status,
      target: { atMost: 304 },
    },
    {
      ...of(['check: reads', 'units'], check, ({ readUnits }) => readUnits),
      target: { atMost: 25 },
    },
    of(['check: calls of DynamoDB', 'calls'], check, ({ databaseCalls }) => databaseCalls),
  ]
}

/** What a browser loads once, and all that the first page takes. */
async function figuresOfAssets(
  { base }: LocalStack,
  visitor: DashboardVisitor,
  list: string,
): Promise<readonly Figure[]> {
  const { text, gzippedBytes } = await visitor.visit(list)
  const bytesOf = async (pattern: RegExp) => {
    const [path = ''] = pattern.exec(text) ?? []
    const answer = await fetch(`${base}${path}`, { signal: AbortSignal.timeout(10_000) })
    return gzipSync(await answer.text()).length
  }
  const [script, style, icon] = [
    await bytesOf(/\/app\/assets\/app\.\w+\.js/),
    await bytesOf(/\/app\/assets\/app\.\w+\.css/),
    await bytesOf(/\/app\/assets\/icon\.\w+\.svg/),
  ]
  const all = gzippedBytes + script + style + icon
  return [
    { name: 'script, gzipped', unit: 'bytes', value: script, target: { atMost: 8000 } },
    { name: 'style, gzipped', unit: 'bytes', value: style, target: { atMost: 6000 } },
    {
      name: 'first load of a list, gzipped',
      unit: 'bytes',
      value: all,
      target: { atMost: 25_000 },
    },
  ]
}

/** What somebody waits for who opens the list of 10,000 with nothing in the browser's memory. */
async function figuresOfPhone({ base }: LocalStack, list: string): Promise<readonly Figure[]> {
  const browser = await chromium.launch({
    executablePath: chromiumPath,
    args: ['--no-sandbox', '--disable-gpu'],
  })
  const all: PageVitals[] = []
  try {
    for (let visit = 0; visit < VISITS; visit += 1) {
      const page = await browser.newPage({ viewport: { width: 360, height: 740 } })
      await page.goto(`${base}/_local/sign-in`)
      all.push(await vitalsOf(page, `${base}/app${list}`))
      await page.close()
    }
  } finally {
    await browser.close()
  }
  const on = (
    name: string,
    unit: string,
    what: (vitals: PageVitals) => number,
    atMost: number,
  ) => ({
    ...figureOf(`list of 10,000 on a slow phone: ${name}`, unit, all.slice(1).map(what)),
    target: { atMost },
  })
  return [
    on('first paint', 'ms', ({ firstPaintMs }) => firstPaintMs, 1500),
    on('layout shift', 'score', ({ shift }) => shift, 0.05),
    on('blocked', 'ms', ({ blockedMs }) => blockedMs, 1000),
  ]
}

async function visits(visitor: DashboardVisitor, path: string): Promise<readonly Visit[]> {
  const all: Visit[] = []
  for (let visit = 0; visit < VISITS; visit += 1) all.push(await visitor.visit(path))
  return all.slice(1)
}

function of(
  [name, unit]: readonly [name: string, unit: string],
  visited: readonly Visit[],
  what: (visit: Visit) => number,
): Figure {
  return figureOf(name, unit, visited.map(what))
}

async function put(
  stack: LocalStack,
  bulk: Bulk,
  [from, to]: readonly [from: number, to: number],
): Promise<void> {
  for (const table of ['Heartbeats', 'Lookups', 'Registry'] as const) {
    const perCheck = bulk[table].length / MANY
    await putAll(stack, table, bulk[table].slice(from * perCheck, to * perCheck))
  }
  await stack.settle()
}

function projectOf({ Registry }: Bulk): string {
  const keys = Registry.map(({ pk }) => pk?.S ?? '')
  return keys.find((key) => key.startsWith('project#'))?.slice('project#'.length) ?? ''
}
