import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { readTemplate, synthesized } from '../lib/local/template/assembly.ts'
import { readLocalSettings } from '../lib/local/settings.ts'

const codeShape = z.object({ Code: z.object({ S3Key: z.string() }) })

/**
 * The file of a function as `cdk deploy` would ship it.
 * @param path of its construct below the stack, as `Pinging/Ping`
 */
export async function shipped(path: string): Promise<string> {
  const folder = await synthesized(readLocalSettings({}))
  const { Resources } = await readTemplate(folder)
  const found = Object.values(Resources).find(({ Metadata }) =>
    String(Metadata['aws:cdk:path']).endsWith(`/${path}/Resource`),
  )
  const asset = join(
    folder,
    `asset.${codeShape.parse(found?.Properties).Code.S3Key.replace(/\.zip$/, '')}`,
  )
  const name = (await readdir(asset)).find((file) => /^index\.m?js$/.test(file))
  if (name === undefined) throw new Error(`the bundle of ${path} has no index`)
  return join(asset, name)
}
