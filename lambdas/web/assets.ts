import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** A file that pages load, under a name that says what is in it: it may be kept for ever. */
export type Asset = { readonly path: string; readonly body: string; readonly type: string }

/** The alarm is the icon while something is down. */
export type Assets = Readonly<Record<'script' | 'style' | 'icon' | 'alarm', Asset>>

/**
 * What was bundled beside the function.
 * @param folder that of the function; nothing is read without one, as in tests
 */
export function readAssets(folder: string | undefined): Assets {
  const names = folder === undefined ? [] : readdirSync(join(folder, 'assets'))
  const asset = (file: RegExp, type: string): Asset => {
    const name = names.find((each) => file.test(each))
    const body =
      folder === undefined || name === undefined
        ? ''
        : readFileSync(join(folder, 'assets', name), 'utf8')
    return {
      path: `/app/assets/${name ?? `none-${file.source.replaceAll(/\W/g, '')}`}`,
      body,
      type,
    }
  }
  return {
    script: asset(/^app.*\.js$/, 'text/javascript; charset=utf-8'),
    style: asset(/^app.*\.css$/, 'text/css; charset=utf-8'),
    icon: asset(/^icon/, 'image/svg+xml'),
    alarm: asset(/^alarm/, 'image/svg+xml'),
  }
}
