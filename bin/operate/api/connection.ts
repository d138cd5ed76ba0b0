import { type Command, InvalidArgumentError, Option } from 'commander'
import { answerWith } from '../answering.ts'
import type { CommandAnswer, Terminal } from '../command-answer.ts'
import { joinLines } from '../messages.ts'
import { apiRootOf } from '../run/destination.ts'
import { gatherSettings } from '../run/settings.ts'
import { ProjectApi } from './project-api.ts'

export type ApiOptions = { readonly api?: string; readonly json?: true }

/** The options of a command that calls the API. */
export function withApi(command: Command): Command {
  return withKeyHelp(command.addOption(apiOption()).option('--json', 'answer in JSON'))
}

/** Says behind the help where URL and key come from: no option tells of a key. */
export function withKeyHelp(command: Command): Command {
  return command.addHelpText('after', keyHelp)
}

const keyHelp = `
OVERDUE_URL and OVERDUE_API_KEY say where the API is, and which key of the project opens it. They
stand in the environment, or in the file ~/.config/overdue.env, which only you may read
(OVERDUE_SETTINGS names another one).`

export function apiOption(): Option {
  return new Option('--api <url>', 'where the API is, such as https://overdue.example.com/api/v3/')
    .env('OVERDUE_URL')
    .argParser(apiRoot)
}

/** Prints the answer of some work with the API. @throws as `answerWith` does. */
export function answerByApi(
  terminal: Terminal,
  options: ApiOptions,
  work: (api: ProjectApi) => Promise<CommandAnswer>,
): Promise<void> {
  const explain = (error: unknown) =>
    joinLines(error instanceof Error ? error.message : String(error))
  return answerWith({ terminal, isJson: options.json === true, explain }, async () =>
    work(await connect(options)),
  )
}

/**
 * URL and key come from where those of `overdue run` do; the key by no option, as others see those.
 * @throws where one of the two is missing.
 */
async function connect({ api }: ApiOptions): Promise<ProjectApi> {
  const readSecret = async (arn: string) => (await import('../run/secret.ts')).readSecret(arn)
  const flags = api === undefined ? {} : { url: api }
  const sources = { flags, environment: process.env, readSecret }
  const settings = await gatherSettings(
    sources,
    ({ url, apiKey }) => url !== undefined && apiKey !== undefined,
  )
  const { url, apiKey: key } = settings
  if (url === undefined)
    throw new Error('it is not known where the API is; set OVERDUE_URL, or give --api <url>')
  if (key === undefined || !/^[\x21-\x7e]+$/.test(key))
    throw new Error(
      'there is no API key; set the environment variable OVERDUE_API_KEY to an API key of the project',
    )
  return new ProjectApi(apiRootOf(settings), key)
}

/** The root of the API, whose host may be given alone. @throws InvalidArgumentError. */
function apiRoot(text: string): string {
  const [, host = '', path] = /^(https?:\/\/[^/?#@\s]+)(.*)$/i.exec(text) ?? []
  if (!URL.canParse(host) || !/^(\/api\/v[123])?\/?$/.test(path ?? 'none'))
    throw new InvalidArgumentError(
      'It takes the URL of an API such as https://overdue.example.com/api/v3/.',
    )
  return `${host}/api/v3/`
}
