import { join } from 'node:path'

/** Where the bundles of the functions lie, each in a folder of its name (`npm run build`). */
export const functionsFolder = join(import.meta.dirname, '../dist/functions')
