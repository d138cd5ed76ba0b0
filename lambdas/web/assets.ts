import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** A file that pages load, under a name that says what is in it: it may be kept for ever. */
export type Asset = { readonly path: string; readonly body: string; readonly type: string }

export type Assets = { readonly script: Asset; readonly style: Asset }

/**
 * What was bundled beside the function.
 * @param folder that of the function; nothing is read without one, as in tests
 */
export function readAssets(folder: string | undefined): Assets {
  const names = folder === undefined ? [] : readdirSync(join(folder, 'assets'))
  const asset = (ending: string, type: string): Asset => {
    const name = names.find((each) => each.endsWith(ending))
    const body =
      folder === undefined || name === undefined
        ? ''
        : readFileSync(join(folder, 'assets', name), 'utf8')
    return { path: `/app/assets/${name ?? `none${ending}`}`, body, type }
  }
  return {
    script: asset('.js', 'text/javascript; charset=utf-8'),
    style: asset('.css', 'text/css; charset=utf-8'),
  }
}
