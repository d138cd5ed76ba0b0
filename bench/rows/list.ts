import { copiesOfACheck, putAll } from '../checks-in-bulk.ts'
import { type Figure, median, type Row } from '../figure.ts'
import { type LocalStack, type Project, withLocalStack } from '../local-stack.ts'
import { totalsOf } from '../metered.ts'

const FEW = 1000
const MANY = 10_000
const REQUESTS = 5

export const list: Row = {
  name: 'list',
  help: '1000 and 10,000 checks: read units and processor time of their list by the API',
  measure: (progress) => withLocalStack((stack) => measureLists(stack, progress)),
}

async function measureLists(
  stack: LocalStack,
  progress: (line: string) => void,
): Promise<readonly Figure[]> {
  const project = await stack.project()
  const figures: Figure[] = []
  for (const [there, count] of [
    [0, FEW],
    [FEW, MANY],
  ] as const) {
    progress(`loading ${count} checks`)
    const bulk = await copiesOfACheck(stack, count - there - 1, { project })
    for (const table of ['Heartbeats', 'Registry'] as const) await putAll(stack, table, bulk[table])
    await stack.settle()
    figures.push(...(await measured(stack, project, count)))
  }
  return figures
}

/** The first request, which may have to learn what there is, does not count. */
async function measured(
  stack: LocalStack,
  { apiKey }: Pick<Project, 'apiKey'>,
  count: number,
): Promise<readonly Figure[]> {
  const headers = { 'X-Api-Key': apiKey, 'Accept-Encoding': 'gzip' }
  const ask = async () => {
    const answer = await fetch(`${stack.base}/api/v3/checks/`, { headers })
    await answer.arrayBuffer()
    if (answer.status !== 200) throw new Error(`a list was answered ${answer.status}`)
  }
  await ask()
  await stack.resetMeter()
  const cpu: number[] = []
  for (let request = 0; request < REQUESTS; request += 1) {
    const before = stack.cpuMs('api')
    await ask()
    cpu.push(stack.cpuMs('api') - before)
  }
  const { readUnits } = totalsOf((await stack.meter())['api'], REQUESTS)
  return [
    { name: `read units, ${count} checks`, unit: 'units', value: readUnits },
    { name: `CPU, ${count} checks`, unit: 'ms', value: median(cpu) },
  ]
}
