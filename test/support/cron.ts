import { execFile } from 'node:child_process'
import { chmod, mkdir, mkdtemp, readFile, readdir, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/**
 * What came of a job: what it said, how it ended, which files it left, and the endings of the URLs
 * that it pinged.
 */
export type JobResult = {
  readonly out: string
  readonly err: string
  readonly status: number
  readonly files: Readonly<Record<string, string>>
  readonly pinged: readonly string[]
}

/**
 * Runs commands as cron does, each in a fresh folder with some files in it, beside a curl that
 * notes what it was asked for.
 */
export async function makeCron() {
  const root = await mkdtemp(join(tmpdir(), 'overdue-cron-'))
  const bin = join(root, 'bin')
  await mkdir(bin)
  await writeFile(join(bin, 'curl'), `#!/bin/sh\nfor last; do :; done\necho "$last" >>"$PINGS"\n`)
  await chmod(join(bin, 'curl'), 0o755)
  await writeFile(join(bin, 'overdue'), RUNNER)
  await chmod(join(bin, 'overdue'), 0o755)
  let runs = 0
  return {
    async run(shell: string, command: string): Promise<JobResult> {
      const home = join(root, `run-${(runs += 1)}`)
      const pings = `${home}.pings`
      await furnish(home)
      const env = {
        PATH: `${bin}:/usr/bin:/bin`,
        HOME: '/nonexistent',
        SHELL: shell,
        LC_ALL: 'C',
        PINGS: pings,
        T: '1 2',
      }
      const ended = await end(shell, handedOver(command), { cwd: home, env })
      const pinged = await readFile(pings, 'latin1').catch(() => '')
      const files = await filesIn(home)
      await rm(home, { recursive: true })
      return { ...ended, files, pinged: pinged.split('\n').filter((url) => url !== '') }
    },
    stop: () => rm(root, { recursive: true }),
  }
}

/** Takes its words as `overdue run` does, and notes how they end. */
const RUNNER = `#!/bin/sh
check=$3
while [ "$1" != -- ]; do shift; done
shift
"$@"
s=$?
echo "$check/$s" >>"$PINGS"
exit $s
`

/** Files and a folder of one age at each run: archives tell it. */
async function furnish(home: string): Promise<void> {
  await mkdir(join(home, 'd'), { recursive: true })
  const names = ['a', 'b c', 'd/x.tmp', 'd/y.log']
  await Promise.all(names.map((name) => writeFile(join(home, name), `${name}\n`)))
  await Promise.all([...names, 'd'].map((name) => utimes(join(home, name), WRITTEN_AT, WRITTEN_AT)))
}

const WRITTEN_AT = new Date('2026-11-01T00:00:00Z')

/**
 * The command and its input as cron makes them of a line: the first `%` without a backslash ends
 * the command, further ones are line ends of the input, and a backslash before a `%` goes.
 */
function handedOver(line: string): { readonly command: string; readonly input: string } {
  let [command, input] = ['', '']
  let isInput = false
  for (let at = 0; at < line.length; at += 1) {
    const [character, next] = [line.charAt(at), line.charAt(at + 1)]
    if (character === '\\' && !isInput)
      [command, at] = [command + (next === '%' ? next : character + next), at + 1]
    else if (character === '%' && !isInput) isInput = true
    else if (isInput) input += character === '%' ? '\n' : character
    else command += character
  }
  return { command, input }
}

type Job = ReturnType<typeof handedOver>
type Place = { readonly cwd: string; readonly env: NodeJS.ProcessEnv }

async function end(
  shell: string,
  { command, input }: Job,
  { cwd, env }: Place,
): Promise<Pick<JobResult, 'out' | 'err' | 'status'>> {
  // What is beyond ASCII comes by way of a file and a shell that reads it, as arguments of a child
  // of Node's are UTF-8.
  const file = `${cwd}.command`
  await writeFile(file, command, 'latin1')
  const [program, args] =
    Buffer.byteLength(command) === command.length
      ? [shell, ['-c', command]]
      : ['/bin/dash', ['-c', 'exec "$1" -c "$(cat "$2")"', 'sh', shell, file]]
  return new Promise((resolve) => {
    const child = execFile(
      program,
      args,
      { cwd, env, encoding: 'latin1', timeout: 20_000 },
      (error, out, err) => {
        resolve({ out, err: comparable(err), status: statusOf(error) })
      },
    )
    // A job that doesn't read its input may be gone before it has all of it.
    child.stdin?.on('error', () => undefined)
    child.stdin?.end(input, 'latin1')
  })
}

/**
 * Parts of a pipe complain in any order. That a job was killed, its own shell can't say any more.
 */
function comparable(err: string): string {
  const isOfJob = (line: string) => !/^(.*: line 1: +\d+ )?(Terminated|Killed)\b/.test(line)
  return err.split('\n').filter(isOfJob).sort().join('\n')
}

const signals: Readonly<Record<string, number>> = { SIGHUP: 1, SIGINT: 2, SIGKILL: 9, SIGTERM: 15 }

/** As a shell tells it of what it has run: 128 and the number of the signal. */
function statusOf(error: { readonly code?: unknown; readonly signal?: unknown } | null): number {
  if (error === null) return 0
  return typeof error.code === 'number' ? error.code : 128 + (signals[String(error.signal)] ?? 0)
}

/** Names and contents, as characters of one byte. */
async function filesIn(folder: string): Promise<Readonly<Record<string, string>>> {
  const found: Record<string, string> = {}
  for (const entry of await readdir(Buffer.from(folder, 'latin1'), {
    withFileTypes: true,
    encoding: 'buffer',
  })) {
    const path = `${folder}/${entry.name.toString('latin1')}`
    if (entry.isDirectory()) Object.assign(found, await filesIn(path))
    else
      found[path.replace(/^.*\/run-\d+\//, '')] = await readFile(
        Buffer.from(path, 'latin1'),
        'latin1',
      )
  }
  return found
}
