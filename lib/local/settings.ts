import { z } from 'zod'
import {
  address,
  bodyLimit,
  matching,
  eitherOf,
  pingRate,
  numberBetween,
} from '../setting-kinds.ts'
import { StartError } from './start-error.ts'

const apiKey = matching('32 letters, digits, - or _', /^[\w-]{32}$/).optional()
const port = numberBetween(1, 65_535)
const folder = z.string().optional()
const unknownPings = eitherOf('open', 'hosted', 'strict').optional()

/** The settings of `npm start`: variables of the environment. */
const shape = z.object({
  PORT: port.default(8787),
  /** Port for mail that pings; absent: no mail is taken. */
  SMTP_PORT: port.optional(),
  /** Keys of the first project; absent: they are made. */
  OVERDUE_API_KEY: apiKey,
  OVERDUE_API_KEY_READONLY: apiKey,
  OVERDUE_PING_KEY: matching('22 letters, digits, - or _', /^[\w-]{22}$/).optional(),
  /** Address of the first project's channel. */
  OVERDUE_EMAIL: address.optional(),
  PING_BODY_LIMIT: bodyLimit.default(10_000),
  PING_RATE: pingRate.default(60),
  /** Folder that keeps the data between runs; absent: memory only. */
  OVERDUE_DATA: folder,
  /** What plays DynamoDB; absent: the platform's binary where there is one, else the model. */
  OVERDUE_ENGINE: eitherOf('binary', 'model').optional(),
  /**
   * Folder of a cloud assembly to play; absent: the app is synthesized. A given template keeps the
   * settings that it was made with.
   */
  OVERDUE_ASSEMBLY: folder,
  /** A database that says which checks there are; absent: none does. */
  OVERDUE_SOURCE: matching(
    'a URL such as mysql://user:password@127.0.0.1:3306/app or postgres://…',
    /^(mysql|postgres):\/\/[^/?#:@]+:[^/?#@]+@[^/?#]+\/[^/?#]+$/,
  ).optional(),
  OVERDUE_UNKNOWN_PINGS: unknownPings,
  /** The former name of OVERDUE_UNKNOWN_PINGS. */
  OVERDUE_DIALECT: unknownPings,
})

export type LocalSettings = ReturnType<typeof readLocalSettings>

/** @throws StartError that names the variable and what it takes. */
export function readLocalSettings(env: Readonly<Record<string, string | undefined>>) {
  const given = givenOf(env)
  const { OVERDUE_API_KEY: apiKey, OVERDUE_API_KEY_READONLY: apiKeyReadonly } = given
  if (apiKey !== undefined && apiKey === apiKeyReadonly)
    throw new StartError('OVERDUE_API_KEY_READONLY takes another key than OVERDUE_API_KEY')
  return {
    port: given.PORT,
    pingBodyLimit: given.PING_BODY_LIMIT,
    pingRate: given.PING_RATE,
    unknownPings: given.OVERDUE_UNKNOWN_PINGS ?? given.OVERDUE_DIALECT ?? 'open',
    ...present({
      smtpPort: given.SMTP_PORT,
      dataFolder: given.OVERDUE_DATA,
      engine: given.OVERDUE_ENGINE,
      assembly: given.OVERDUE_ASSEMBLY,
      source: given.OVERDUE_SOURCE,
      email: given.OVERDUE_EMAIL,
    }),
    keys: present({ apiKey, apiKeyReadonly, pingKey: given.OVERDUE_PING_KEY }),
  }
}

/** A variable that is empty counts as not set. */
function givenOf(env: Readonly<Record<string, string | undefined>>): z.output<typeof shape> {
  const parsed = shape.safeParse(
    Object.fromEntries(Object.entries(env).filter(([, text]) => text !== '')),
  )
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  const name = String(issue?.path[0])
  throw new StartError(
    `${name} takes ${issue?.message}, got ${JSON.stringify(env[name]?.slice(0, 80))}`,
  )
}

type Present<Values> = { readonly [Name in keyof Values]?: Exclude<Values[Name], undefined> }

function present<Values extends object>(values: Values): Present<Values> {
  const given = Object.entries(values).filter(([, value]) => value !== undefined)
  return Object.fromEntries(given) as Present<Values>
}
