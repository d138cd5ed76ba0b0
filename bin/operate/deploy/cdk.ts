import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import packageJson from '../../../package.json' with { type: 'json' }
import { CommandFailure } from '../answering.ts'

/** Settings by their names, as texts. */
export type GivenSettings = Readonly<Record<string, string>>

const inPackage = join(import.meta.dirname, '../app.cjs')

/** The CDK app: bundled in the package, from its sources in a checkout. */
export const appEntry = existsSync(inPackage)
  ? inPackage
  : join(import.meta.dirname, '../../overdue.ts')

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

function folderOf(part: CdkPart): string | undefined {
  try {
    return dirname(createRequire(import.meta.url).resolve(`${part}/package.json`))
  } catch {
    return undefined
  }
}
