import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import type { Figure, Row } from '../figure.ts'
import { type LocalStack, type Project, withLocalStack } from '../local-stack.ts'

const CHECKS = 5000
const MOST_SECONDS = 60

export const apply: Row = {
  name: 'apply',
  help: `overdue apply of a file of ${CHECKS} checks: how long it takes at first and again`,
  measure: (progress) => withLocalStack((stack) => measureApplies(stack, progress)),
}

async function measureApplies(
  stack: LocalStack,
  progress: (line: string) => void,
): Promise<readonly Figure[]> {
  const { apiKey } = await stack.project()
  const folder = await mkdtemp(join(tmpdir(), 'overdue-bench-'))
  try {
    const file = join(folder, 'overdue.yaml')
    await writeFile(file, fileOfChecks())
    progress(`applying a file of ${CHECKS} checks`)
    const first = await secondsOf(stack, { apiKey, file })
    progress('applying it again')
    const again = await secondsOf(stack, { apiKey, file })
    return [
      { name: `${CHECKS} checks made`, unit: 's', value: first, target: { atMost: MOST_SECONDS } },
      { name: 'the same again', unit: 's', value: again },
    ]
  } finally {
    await rm(folder, { recursive: true })
  }
}

function fileOfChecks(): string {
  const checks = Array.from(
    { length: CHECKS },
    (_, n) => `  job-${n}: { schedule: "${n % 60} ${n % 24} * * *", tags: [team-${n % 10}] }\n`,
  )
  return `project: Many\ndefaults: { tz: Europe/Riga, grace: 30m }\nchecks:\n${checks.join('')}`
}

type Applying = Pick<Project, 'apiKey'> & { readonly file: string }

async function secondsOf({ base }: LocalStack, { apiKey, file }: Applying): Promise<number> {
  const startedAt = performance.now()
  const child = spawn(process.execPath, ['bin/operate.ts', 'apply', '-f', file], {
    env: { ...process.env, OVERDUE_URL: base, OVERDUE_API_KEY: apiKey },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const [said] = await Promise.all([text(child.stderr), once(child, 'exit')])
  if (child.exitCode !== 0) throw new Error(`overdue apply ended with ${child.exitCode}: ${said}`)
  return (performance.now() - startedAt) / 1000
}
