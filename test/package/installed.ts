import { execFile, execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join, resolve } from 'node:path'

/** What a program left: what it wrote, and its exit status. */
export type Ended = { readonly status: number; readonly stdout: string; readonly stderr: string }

/** A folder with the package in it, as on a machine that has no checkout. */
export type Installed = {
  readonly folder: string
  /** Runs the command with the Node of the machine, not that of the checkout. */
  readonly overdue: (words: readonly string[], env?: NodeJS.ProcessEnv) => Promise<Ended>
  readonly node: (words: readonly string[]) => Promise<Ended>
  readonly write: (path: string, text: string) => string
  /** Puts packages of the checkout beside it, as `npm install` would from the registry. */
  readonly bring: (packages: readonly string[]) => void
  readonly remove: () => void
}

const cdk = ['aws-cdk', 'aws-cdk-lib', 'constructs']

/** Packs the checkout once. @returns the path of the tarball */
export function packed(folder: string): string {
  const [said] = JSON.parse(
    execFileSync('npm', ['pack', '--json', '--silent', '--pack-destination', folder], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).replace(/^[^[]*/, ''),
  ) as readonly { readonly filename: string }[]
  if (said === undefined) throw new Error('npm packed nothing')
  return join(folder, said.filename)
}

export function install(tarball: string): Installed {
  const folder = mkdtempSync(join(tmpdir(), 'overdue-installed-'))
  const write = (path: string, text: string) => {
    writeFileSync(join(folder, path), text)
    return join(folder, path)
  }
  write('package.json', '{"name":"theirs","version":"1.0.0","private":true}\n')
  const npm = ['install', tarball, '--offline', '--no-audit', '--no-fund', '--silent']
  execFileSync('npm', npm, { cwd: folder, env: outside(), stdio: 'ignore' })
  return {
    folder,
    overdue: (words, env = {}) =>
      ended('node', ['node_modules/.bin/overdue', ...words], { cwd: folder, env: outside(env) }),
    node: (words) => ended('node', words, { cwd: folder, env: outside() }),
    write,
    bring: (packages) => {
      for (const name of packages) {
        mkdirSync(join(folder, 'node_modules'), { recursive: true })
        symlinkSync(resolve('node_modules', name), join(folder, 'node_modules', name))
      }
    },
    remove: () => rmSync(folder, { recursive: true }),
  }
}

/** The same with the CDK beside it. */
export function installWithCdk(tarball: string): Installed {
  const installed = install(tarball)
  installed.bring(cdk)
  return installed
}

/** The environment without what `npm run` of the checkout put into it. */
function outside(more: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(
    ([name]) => !/^(npm_|NODE_OPTIONS$|VITEST)/i.test(name),
  )
  const path = (process.env['PATH'] ?? '')
    .split(delimiter)
    .filter((place) => !place.includes('node_modules'))
    .join(delimiter)
  return { ...Object.fromEntries(own), PATH: path, ...more }
}

export function ended(
  program: string,
  words: readonly string[],
  options: { readonly cwd?: string; readonly env?: NodeJS.ProcessEnv } = {},
): Promise<Ended> {
  return new Promise((done) => {
    execFile(program, words, { ...options, maxBuffer: 100_000_000 }, (error, stdout, stderr) => {
      const status = error === null ? 0 : typeof error.code === 'number' ? error.code : -1
      done({ status, stdout, stderr })
    })
  })
}

export function isInstalled(program: string, words: readonly string[]): boolean {
  try {
    execFileSync(program, words, { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}
