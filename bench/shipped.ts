import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { readTemplate, synthesize } from '../lib/local/assembly.ts'
import { readSettings } from '../lib/local/settings.ts'

const codeShape = z.object({ Code: z.object({ S3Key: z.string() }) })

/**
 * The file of a function as `cdk deploy` would ship it, made in a folder.
 * @param path of its construct below the stack, as `Pinging/Ping`
 */
export async function shipped(folder: string, path: string): Promise<string> {
  await synthesize(folder, readSettings({}), new AbortController().signal)
  const { Resources } = await readTemplate(folder)
  const found = Object.values(Resources).find(({ Metadata }) => String(Metadata['aws:cdk:path']).endsWith(`/${path}/Resource`))
  const asset = join(folder, `asset.${codeShape.parse(found?.Properties).Code.S3Key.replace(/\.zip$/, '')}`)
  const name = (await readdir(asset)).find((file) => /^index\.m?js$/.test(file))
  if (name === undefined) throw new Error(`the bundle of ${path} has no index`)
  return join(asset, name)
}
