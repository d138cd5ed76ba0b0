import { homedir } from 'node:os'
import { join } from 'node:path'

/** Where a run is told, and by which keys, as far as that is known. */
export type RunSettings = {
  readonly url?: string
  readonly pingEndpoint?: string
  readonly pingKey?: string
  readonly apiKey?: string
  /** The ARN of a secret that has the rest. */
  readonly secret?: string
}

/** Of each setting, the variable that gives it, in the environment, a file or a secret. */
const variables = {
  url: 'OVERDUE_URL',
  pingEndpoint: 'OVERDUE_PING_ENDPOINT',
  pingKey: 'OVERDUE_PING_KEY',
  apiKey: 'OVERDUE_API_KEY',
  secret: 'OVERDUE_SECRET',
} as const satisfies Record<keyof RunSettings, string>

export type SettingsSources = {
  readonly flags: RunSettings & { readonly settings?: string }
  readonly environment: Readonly<Record<string, string | undefined>>
  /** Reads a secret of AWS by its ARN. */
  readonly readSecret: (arn: string) => Promise<string>
}

/**
 * Gathers the settings: flags count most, then the environment, the file and the secret.
 * @throws with what is wrong with a source, and no value of it
 */
export async function gatherSettings(
  { flags, environment, readSecret }: SettingsSources,
  isEnough: (settings: RunSettings) => boolean,
): Promise<RunSettings> {
  const given = { ...settingsIn(environment), ...flags }
  if (isEnough(given)) return given
  const file = flags.settings ?? (environment['OVERDUE_SETTINGS'] || undefined)
  const beside = { ...(await settingsInFile(file)), ...given }
  if (isEnough(beside) || beside.secret === undefined) return beside
  return { ...settingsIn(assignmentsIn(await readSecret(beside.secret))), ...beside }
}

function settingsIn(values: SettingsSources['environment']): RunSettings {
  const found = Object.entries(variables).flatMap(([setting, variable]) => {
    const value = values[variable]
    return value === undefined || value === '' ? [] : [[setting, value]]
  })
  return Object.fromEntries(found) as RunSettings
}

/** The file that is read where none is named, if it is there. */
const USUAL_FILE = join('.config', 'overdue.env')

async function settingsInFile(named: string | undefined): Promise<RunSettings> {
  const { readFile } = process.getBuiltinModule('node:fs/promises')
  const file = named ?? join(homedir(), USUAL_FILE)
  try {
    await checkPrivate(file)
    return settingsIn(assignmentsIn(await readFile(file, 'utf8')))
  } catch (error) {
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT'
    if (isMissing && named === undefined) return {}
    throw error
  }
}

const OPEN_TO_OTHERS = 0o077
const LARGEST_BYTES = 64 * 1024

/** @throws where others may read or change the file; Windows doesn't say */
async function checkPrivate(file: string): Promise<void> {
  const { stat } = process.getBuiltinModule('node:fs/promises')
  const { mode, uid, size } = await stat(file)
  if (size > LARGEST_BYTES) throw new Error(`${file} is no file of settings: it has ${size} bytes`)
  if (process.platform === 'win32') return
  if (uid !== 0 && uid !== process.getuid?.())
    throw new Error(`${file} is not used, because it belongs to somebody else`)
  if ((mode & OPEN_TO_OTHERS) !== 0)
    throw new Error(`${file} is not used, because others than its owner may open it; chmod 600 it`)
}

const ASSIGNMENT = /^\s*(?:export\s+)?(OVERDUE_[A-Z_]+)\s*=\s*(["']?)(.*?)\2\s*$/

/** Lines such as `OVERDUE_URL=https://…`, or the same as an object of JSON, as secrets often are. */
function assignmentsIn(text: string): Readonly<Record<string, string>> {
  if (!text.trimStart().startsWith('{'))
    return Object.fromEntries(
      text.split('\n').flatMap((line) => {
        const [, name, , value] = ASSIGNMENT.exec(line) ?? []
        return name === undefined ? [] : [[name, value]]
      }),
    ) as Record<string, string>
  const entries = Object.entries(parsedObject(text)).filter(
    ([, value]) => typeof value === 'string',
  )
  return Object.fromEntries(entries)
}

/** @throws without the text, which holds keys */
function parsedObject(text: string): object {
  try {
    return JSON.parse(text) as object
  } catch {
    throw new Error('its settings are no JSON')
  }
}
