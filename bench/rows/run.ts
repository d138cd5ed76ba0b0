import { execFile } from 'node:child_process'
import { copyFile, mkdir, mkdtemp, rm, symlink } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { buildPackage } from '../../bin/build/package.ts'
import { type Figure, figureOf, median, ratios, type Row } from '../figure.ts'

const ROUNDS = 15
const FEW_BYTES = 1000
const MANY_BYTES = 1_000_000_000
const check = '11111111-1111-4111-8111-111111111111'

export const run: Row = {
  name: 'run',
  help: 'overdue run, as it is packed: processor time beside the start of Node, and memory by how much its job says',
  measure: measureRuns,
}

/** The command as it is shipped, and a server that takes its pings. */
type Place = { readonly overdue: string; readonly url: string }

async function measureRuns(progress: (line: string) => void): Promise<readonly Figure[]> {
  const folder = await mkdtemp(join(tmpdir(), 'overdue-bench-'))
  const server = createServer((request, response) => {
    request
      .resume()
      .once('end', () => response.writeHead(200, { 'Ping-Body-Limit': '10000' }).end('OK'))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  try {
    const place = { overdue: await packed(folder), url: `http://127.0.0.1:${port}` }
    return [...(await measureTimes(place, progress)), ...(await measureMemory(place, progress))]
  } finally {
    server.closeAllConnections()
    server.close()
    await rm(folder, { recursive: true })
  }
}

/** The command where no checkout is, so that it runs what was built. */
async function packed(folder: string): Promise<string> {
  await buildPackage()
  await mkdir(join(folder, 'bin'))
  await copyFile('bin/launch.js', join(folder, 'bin/launch.js'))
  await copyFile('package.json', join(folder, 'package.json'))
  await symlink(resolve('dist'), join(folder, 'dist'))
  return join(folder, 'bin/launch.js')
}

async function measureTimes(
  { overdue, url }: Place,
  progress: (line: string) => void,
): Promise<readonly Figure[]> {
  progress(`${ROUNDS} rounds of Node alone, of overdue --version and of overdue run`)
  const [floors, versions, runs]: [number[], number[], number[]] = [[], [], []]
  for (let round = 0; round < ROUNDS; round += 1) {
    floors.push(await cpuMs(['-e', '0'], url))
    versions.push(await cpuMs([overdue, '--version'], url))
    runs.push(await cpuMs([overdue, 'run', '--check', check, '--', 'true'], url))
  }
  const added = runs.map((each, round) => each - (floors[round] ?? NaN))
  return [
    figureOf('CPU, node -e 0', 'ms', floors),
    {
      ...figureOf('overdue --version, of node -e 0', 'times', ratios(versions, floors)),
      target: { atMost: 1.5 },
    },
    { ...figureOf('CPU that overdue run adds', 'ms', added), target: { atMost: 60 } },
  ]
}

/** Processor time of Node with these arguments, and of what it starts, as the shell counts it. */
async function cpuMs(args: readonly string[], url: string): Promise<number> {
  const out = await bash('"$@" >/dev/null; times', [process.execPath, ...args], url)
  const times = [...(out.trim().split('\n').at(-1) ?? '').matchAll(/(\d+)m([\d.]+)s/g)]
  return times.reduce(
    (ms, [, minutes, seconds]) => ms + (Number(minutes) * 60 + Number(seconds)) * 1000,
    0,
  )
}

async function measureMemory(
  place: Place,
  progress: (line: string) => void,
): Promise<readonly Figure[]> {
  progress('the memory of overdue run with a job that says little, and one that says a gigabyte')
  const [few, many]: [number[], number[]] = [[], []]
  for (let round = 0; round < 3; round += 1) {
    few.push(await peakMb(place, FEW_BYTES))
    many.push(await peakMb(place, MANY_BYTES))
  }
  return [
    figureOf('memory, job of 1 KB', 'MB', few),
    figureOf('memory, job of 1 GB', 'MB', many),
    {
      name: 'memory, 1 GB of output over 1 KB',
      unit: 'times',
      value: median(ratios(many, few)),
      target: { atMost: 1.5 },
    },
  ]
}

/** The most memory that `overdue run` has had by the end of its job, which looks at its parent. */
async function peakMb({ overdue, url }: Place, bytes: number): Promise<number> {
  const job = `head -c ${bytes} /dev/zero; grep VmHWM /proc/$PPID/status >&2`
  const words = [process.execPath, overdue, 'run', '--check', check, '--', '/bin/sh', '-c', job]
  const out = await bash('"$@" 2>&1 >/dev/null', words, url)
  return Number(/(\d+) kB/.exec(out)?.[1]) / 1000
}

/** Other shells tell times by hundredths of a second. */
function bash(script: string, words: readonly string[], url: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const env = { PATH: process.env['PATH'], HOME: '/nonexistent', OVERDUE_URL: url }
    execFile('bash', ['-c', script, 'bash', ...words], { env }, (error, out) => {
      if (error instanceof Error) reject(error)
      else resolve(out)
    })
  })
}
