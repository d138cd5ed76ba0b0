import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { parseUuid } from '../../../lambdas/domain/wire/uuid.ts'
import type { RunSettings } from './settings.ts'

// An ES module that imports `fs` loads all its streams.
const { closeSync, lstatSync, mkdirSync, openSync } = process.getBuiltinModule('node:fs')

/** A lock that is held for as long as its file is open, here or in the command. */
export type HeldLock = { readonly descriptor: number; release(): void }

/** Each says by its exit status whether it got a lock on the open file 3. */
const lockers = [
  ['flock', '-n', '3'],
  [
    'perl',
    '-MFcntl=:flock',
    '-e',
    'open F, ">&=3" or exit 2; exit(flock(F, LOCK_EX|LOCK_NB) ? 0 : 1)',
  ],
] as const

const TAKEN = 1

/**
 * A slug is one check of each project, and the ping key says of which. Where the key lies in a
 * secret, the secret's name says so. Neither is to be read from the name of a file.
 */
export function lockNameOf(check: string, { pingKey, secret }: RunSettings): string {
  if (parseUuid(check) !== undefined) return check
  const { createHash } = process.getBuiltinModule('node:crypto')
  const project = createHash('sha256')
    .update(pingKey ?? secret ?? '')
    .digest('hex')
  return `${check}-${project.slice(0, 16)}`
}

/**
 * Takes the lock of this name among the runs of this user on this machine. It is a lock of the
 * kernel on an open file, which ends with the last process that has the file open: there is none
 * left behind, and no two can get it at the same time. Node has no such lock, so a program takes it
 * on our file.
 * @throws where the lock can neither be had nor be taken by others
 */
export async function takeLock(name: string, folder = lockFolder()): Promise<HeldLock | 'taken'> {
  makePrivate(folder)
  const descriptor = openSync(join(folder, name), 'a', 0o600)
  const release = () => closeSync(descriptor)
  for (const [program, ...args] of lockers) {
    const status = await statusOf(program, args, descriptor)
    if (status === 0) return { descriptor, release }
    if (status === undefined) continue
    release()
    if (status === TAKEN) return 'taken'
    throw new Error(`the lock can't be taken: ${program} ends with ${status}`)
  }
  release()
  throw new Error('the lock takes flock or perl, and neither is here')
}

/**
 * Not what TMPDIR says: cron and a terminal have to mean the same. What is root's lies where nobody
 * else can be there first.
 */
function lockFolder(): string {
  if (process.platform === 'linux' && process.getuid?.() === 0) return '/run/overdue-locks'
  return `/tmp/overdue-locks-${process.getuid?.() ?? 'all'}`
}

/** Anybody may make a folder in /tmp, so it has to be looked at. */
function makePrivate(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const { uid, mode } = lstatSync(folder)
  const isOurs =
    lstatSync(folder).isDirectory() && uid === process.getuid?.() && (mode & 0o077) === 0
  if (!isOurs) throw new Error(`the lock can't be taken: ${folder} is not this user's alone`)
}

/** Undefined where there is no such program. */
function statusOf(
  program: string,
  args: readonly string[],
  descriptor: number,
): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'ignore', descriptor] })
    child.on('error', (error) => {
      if ('code' in error && error.code === 'ENOENT') resolve(undefined)
      else reject(error)
    })
    child.once('exit', (status) => resolve(status ?? 2))
  })
}
