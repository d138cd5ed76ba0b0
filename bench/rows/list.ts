import { copiesOfACheck, putAll } from '../checks-in-bulk.ts'
import { type Figure, median, type Row } from '../figure.ts'
import { type LocalStack, withLocalStack } from '../local-stack.ts'
import { totalsOf } from '../metered.ts'

const FEW = 1000
const MANY = 10_000
const REQUESTS = 5

export const list: Row = {
  name: 'list',
  help: '1000 and 10,000 checks: read units and processor time of their list, by the API, as a page, and as what keeps the page fresh',
  measure: (progress) => withLocalStack((stack) => measureLists(stack, progress)),
}

/** A kind of list, and what its read units are held to by the number of checks. */
type Kind = {
  readonly name: string
  readonly functionName: string
  readonly path: string
  readonly atMost?: Readonly<Record<number, number>>
}

async function measureLists(
  stack: LocalStack,
  progress: (line: string) => void,
): Promise<readonly Figure[]> {
  const { project } = (await stack.control('GET', '/ready')) as { project: { apiKey: string } }
  const cookie = await signedIn(stack)
  const headers = { 'X-Api-Key': project.apiKey, cookie, 'Accept-Encoding': 'gzip' }
  const home = await fetch(`${stack.base}/app/`, { headers, redirect: 'manual' })
  const page = home.headers.get('location') ?? ''
  const kinds: readonly Kind[] = [
    { name: 'API', functionName: 'api', path: '/api/v3/checks/' },
    { name: 'page', functionName: 'web', path: page, atMost: { [MANY]: 300 } },
    { name: 'poll', functionName: 'web', path: `${page}live`, atMost: { [FEW]: 30 } },
  ]
  const figures: Figure[] = []
  for (const [there, count] of [
    [0, FEW],
    [FEW, MANY],
  ] as const) {
    progress(`loading ${count} checks`)
    const bulk = await copiesOfACheck(stack, count - there - 1, project)
    for (const table of ['Heartbeats', 'Registry'] as const) await putAll(stack, table, bulk[table])
    await stack.settle()
    // After so long pages read definitions anew, as what is loaded here is noted nowhere.
    await stack.advance(660)
    for (const kind of kinds) figures.push(...(await measured(stack, { kind, count, headers })))
  }
  return figures
}

async function signedIn(stack: LocalStack): Promise<string> {
  const answer = await fetch(`${stack.base}/_local/sign-in`, { redirect: 'manual' })
  return answer.headers
    .getSetCookie()
    .map((each) => each.split(';')[0])
    .join('; ')
}

type Measured = {
  readonly kind: Kind
  readonly count: number
  readonly headers: Readonly<Record<string, string>>
}

/** The first request, which may have to learn what there is, does not count. */
async function measured(
  stack: LocalStack,
  { kind, count, headers }: Measured,
): Promise<readonly Figure[]> {
  const { name, functionName, path, atMost } = kind
  const ask = async () => {
    const answer = await fetch(`${stack.base}${path}`, { headers, redirect: 'manual' })
    await answer.arrayBuffer()
    if (answer.status !== 200) throw new Error(`${path} answered ${answer.status}`)
  }
  await ask()
  await stack.resetMeter()
  const cpu: number[] = []
  for (let request = 0; request < REQUESTS; request += 1) {
    const before = stack.cpuMs(functionName)
    await ask()
    cpu.push(stack.cpuMs(functionName) - before)
  }
  const { readUnits } = totalsOf((await stack.meter())[functionName], REQUESTS)
  const most = atMost?.[count]
  return [
    {
      name: `read units, ${name}, ${count} checks`,
      unit: 'units',
      value: readUnits,
      ...(most === undefined ? {} : { target: { atMost: most } }),
    },
    { name: `CPU, ${name}, ${count} checks`, unit: 'ms', value: median(cpu) },
  ]
}
