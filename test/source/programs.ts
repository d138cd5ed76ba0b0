import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { chownSync, existsSync, globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Who runs a server: those of Debian run as no root, and have a user of their own. */
export type ServerUser = { readonly uid: number; readonly gid: number } | undefined

/** The user of a name, where this process may become that. */
export function userNamed(name: string): ServerUser {
  if (process.getuid?.() !== 0) return undefined
  const line = readFileSync('/etc/passwd', 'utf8').match(
    new RegExp(`^${name}:[^:]*:(\\d+):(\\d+)`, 'm'),
  )
  return line === null ? undefined : { uid: Number(line[1]), gid: Number(line[2]) }
}

/** The newest program of a pattern; undefined where it is not installed. */
export function installed(...patterns: readonly string[]): string | undefined {
  return patterns.flatMap((pattern) => globSync(pattern).sort().reverse()).find(existsSync)
}

export function own(folder: string, user: ServerUser): void {
  if (user !== undefined) chownSync(folder, user.uid, user.gid)
}

/** Runs a program to its end. @throws with what it said when it fails. */
export function runToEnd(program: string, args: readonly string[], user: ServerUser): void {
  const { status, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8', ...user })
  if (status !== 0) throw new Error(`${program} failed: ${stdout}${stderr}`)
}

/** A certificate that nobody vouches for, and its key, where openssl is installed. */
export function makeCertificate(folder: string, user: ServerUser): Certificate | undefined {
  const openssl = installed('/usr/bin/openssl')
  if (openssl === undefined) return undefined
  const made = { key: join(folder, 'key.pem'), certificate: join(folder, 'certificate.pem') }
  const own = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-subj', '/CN=127.0.0.1']
  runToEnd(openssl, [...own, '-keyout', made.key, '-out', made.certificate], user)
  return made
}

export type Certificate = { readonly key: string; readonly certificate: string }

/** Starts a server, which goes on until it is ended. */
export function startProgram(
  program: string,
  args: readonly string[],
  user: ServerUser,
): ChildProcess {
  return spawn(program, args, { stdio: 'ignore', ...user })
}

/** Ends a program by its id, and waits for that. */
export async function endProgram(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  child.kill(signal)
  await ended
}
