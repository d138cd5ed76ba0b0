import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import packageJson from '../../../package.json' with { type: 'json' }
import { CommandFailure } from '../answering.ts'

/** Settings by their names, as texts. */
export type GivenSettings = Readonly<Record<string, string>>

const inPackage = join(import.meta.dirname, '../app.cjs')

/** The CDK app: bundled in the package, from its sources in a checkout. */
const appEntry = existsSync(inPackage) ? inPackage : join(import.meta.dirname, '../../overdue.ts')

const tested = packageJson.devDependencies

/** Parts of the CDK, which are not needed by who does not deploy. */
export type CdkPart = 'aws-cdk' | 'aws-cdk-lib' | 'constructs'

/** @throws CommandFailure that says what brings the parts, unless they are all here. */
export function needParts(parts: readonly CdkPart[]): void {
  const missing = parts.filter((part) => folderOf(part) === undefined)
  if (missing.length === 0) return
  const install = missing.map((part) => `${part}@${tested[part]}`).join(' ')
  throw new CommandFailure(`the CDK is missing; this brings it: npm install ${install}`)
}

/** The CDK's command, to be run by Node. */
export function cdkCommand(): string {
  needParts(['aws-cdk', 'aws-cdk-lib', 'constructs'])
  return join(folderOf('aws-cdk') ?? '', 'bin/cdk')
}

/** What the CDK's command asks of an app beside its settings. */
const asked = { 'aws:cdk:enable-path-metadata': true, 'aws:cdk:enable-asset-metadata': true }

/**
 * Writes the assembly that the CDK deploys.
 * @throws CommandFailure when the app fails: it says why itself.
 */
export async function synthesizeInto(folder: string, given: GivenSettings): Promise<void> {
  const CDK_CONTEXT_JSON = JSON.stringify({ ...asked, ...given })
  const app = spawn(process.execPath, [appEntry], {
    env: { ...process.env, CDK_OUTDIR: folder, CDK_CONTEXT_JSON },
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  const [status] = (await once(app, 'close')) as [number | null]
  if (status !== 0) throw new CommandFailure('the template was not made; what is above says why')
}

function folderOf(part: CdkPart): string | undefined {
  try {
    return dirname(createRequire(import.meta.url).resolve(`${part}/package.json`))
  } catch {
    return undefined
  }
}
