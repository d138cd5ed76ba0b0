import { emailAddress } from '../../lambdas/domain/people/email-address.ts'
import { StartError } from './start-error.ts'

/** What may be set for `npm start`, read from the environment. */
export type LocalSettings = {
  readonly port: number
  /** Where mail that pings is listened for; absent: nowhere. */
  readonly smtpPort?: number
  /** Address of the first project's channel. */
  readonly email?: string
  readonly pingBodyLimit: string
  readonly pingRate: string
  readonly unknownPings: string
  /** Folder that keeps the data between runs; absent: memory only. */
  readonly dataFolder?: string
  /** What plays DynamoDB; absent: the platform's binary where there is one, else the model. */
  readonly engine?: 'binary' | 'model'
  /**
   * Folder of a cloud assembly to play; absent: the app is synthesized. The settings that the
   * template holds are those that it was made with.
   */
  readonly assembly?: string
  /** Keys of the first project, where they are given. */
  readonly keys: {
    readonly apiKey?: string
    readonly apiKeyReadonly?: string
    readonly pingKey?: string
  }
}

type Environment = Readonly<Record<string, string | undefined>>
type Rule = { readonly takes: string; isGood: (text: string) => boolean }

const apiKey: Rule = {
  takes: '32 letters, digits, - or _',
  isGood: (text) => /^[\w-]{32}$/.test(text),
}

const unknownPings: Rule = {
  takes: 'open, hosted or strict',
  isGood: (text) => /^(open|hosted|strict)$/.test(text),
}

const port: Rule = {
  takes: 'a port from 1 to 65535',
  isGood: (text) => /^[1-9]\d{0,4}$/.test(text) && Number(text) <= 65535,
}

const rules = {
  PORT: port,
  SMTP_PORT: port,
  OVERDUE_API_KEY: apiKey,
  OVERDUE_API_KEY_READONLY: apiKey,
  OVERDUE_PING_KEY: {
    takes: '22 letters, digits, - or _',
    isGood: (text) => /^[\w-]{22}$/.test(text),
  },
  OVERDUE_EMAIL: { takes: 'an e-mail address', isGood: (text) => emailAddress.test(text) },
  PING_BODY_LIMIT: { takes: 'none or a number of bytes from 1 to 4000000', isGood: isBodyLimit },
  PING_RATE: { takes: 'none or a number of pings a minute from 60 to 1000000', isGood: isPingRate },
  OVERDUE_DATA: { takes: 'a folder', isGood: () => true },
  OVERDUE_ENGINE: { takes: 'binary or model', isGood: (text) => /^(binary|model)$/.test(text) },
  OVERDUE_ASSEMBLY: { takes: 'a folder', isGood: () => true },
  OVERDUE_UNKNOWN_PINGS: unknownPings,
  OVERDUE_DIALECT: unknownPings,
} satisfies Record<string, Rule>

/** @throws StartError that names the variable and what it takes. */
export function readLocalSettings(env: Environment): LocalSettings {
  const [apiKey, apiKeyReadonly, pingKey] = [
    given(env, 'OVERDUE_API_KEY'),
    given(env, 'OVERDUE_API_KEY_READONLY'),
    given(env, 'OVERDUE_PING_KEY'),
  ]
  if (apiKey !== undefined && apiKey === apiKeyReadonly)
    throw new StartError('OVERDUE_API_KEY_READONLY takes another key than OVERDUE_API_KEY')
  const [dataFolder, assembly] = [given(env, 'OVERDUE_DATA'), given(env, 'OVERDUE_ASSEMBLY')]
  const engine = given(env, 'OVERDUE_ENGINE')
  const [email, smtpPort] = [given(env, 'OVERDUE_EMAIL'), given(env, 'SMTP_PORT')]
  return {
    port: Number(given(env, 'PORT') ?? '8787'),
    ...(smtpPort === undefined ? {} : { smtpPort: Number(smtpPort) }),
    pingBodyLimit: given(env, 'PING_BODY_LIMIT') ?? '10000',
    pingRate: given(env, 'PING_RATE') ?? '60',
    unknownPings: given(env, 'OVERDUE_UNKNOWN_PINGS') ?? given(env, 'OVERDUE_DIALECT') ?? 'open',
    ...(dataFolder === undefined ? {} : { dataFolder }),
    ...(engine === undefined ? {} : { engine: engine === 'model' ? 'model' : 'binary' }),
    ...(assembly === undefined ? {} : { assembly }),
    ...(email === undefined ? {} : { email }),
    keys: {
      ...(apiKey === undefined ? {} : { apiKey }),
      ...(apiKeyReadonly === undefined ? {} : { apiKeyReadonly }),
      ...(pingKey === undefined ? {} : { pingKey }),
    },
  }
}

/**
 * A body of 4 MB always gets through: 6 MB is what Lambda takes as an event, and Base64 makes four
 * bytes of three.
 */
function isBodyLimit(text: string): boolean {
  return text === 'none' || (/^[1-9]\d{0,6}$/.test(text) && Number(text) <= 4_000_000)
}

function isPingRate(text: string): boolean {
  return (
    text === 'none' ||
    (/^[1-9]\d{1,6}$/.test(text) && Number(text) >= 60 && Number(text) <= 1_000_000)
  )
}

/** The text of a variable; one that is empty counts as not set. */
function given(env: Environment, name: keyof typeof rules): string | undefined {
  const text = env[name]
  if (text === undefined || text === '') return undefined
  const { takes, isGood } = rules[name]
  if (!isGood(text))
    throw new StartError(`${name} takes ${takes}, got ${JSON.stringify(text.slice(0, 80))}`)
  return text
}
