import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { buildFunctions } from '../bin/build/functions.ts'
import { functionsFolder } from '../lib/functions-folder.ts'

let built: Promise<void> | undefined

/** The file of a function as `cdk deploy` would ship it. */
export async function shipped(name: string): Promise<string> {
  await (built ??= buildFunctions())
  const folder = join(functionsFolder, name)
  const index = readdirSync(folder).find((file) => /^index\.m?js$/.test(file))
  if (index === undefined) throw new Error(`the bundle of ${name} has no index`)
  return join(folder, index)
}
