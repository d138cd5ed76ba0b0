import { Option } from 'commander'
import type { CommandAnswer } from '../command-answer.ts'
import { writePrivate } from '../private-file.ts'
import type { ChannelsApi, CreatedChannel } from './api.ts'
import { channelNamed, channelTitle } from './named-channel.ts'

/** Makes a new secret that signs the requests of a channel, and writes it to a file. */
export async function renewSigningSecret(
  api: ChannelsApi,
  wanted: string,
  file: string,
): Promise<CommandAnswer> {
  const channel = await channelNamed(api, wanted)
  const { signing_secret: secret = '' } = await api.renewSecret(channel.id)
  await writePrivate(file, `${secret}\n`).catch((error: unknown) => {
    const reason = error instanceof Error ? error.message : String(error)
    throw new Error(
      `the secret is a new one, but ${reason}; run this again within a day, while the old one signs`,
      { cause: error },
    )
  })
  const kept = `The new signing secret of the ${channelTitle(channel)} is in ${file}.`
  return { text: `${kept} An old one signs as well for a day.`, json: { channel, file } }
}

/**
 * Keeps the secret of a new channel, where a file is given for it, and says so. It is in no other
 * answer of the API, and is never printed.
 */
export async function keepSigningSecret(
  { id, signing_secret: secret }: CreatedChannel,
  file: string | undefined,
): Promise<{ readonly text?: string }> {
  if (secret === undefined) return {}
  if (file === undefined)
    return {
      text: `Its requests are signed. To verify them, get a secret: overdue channel secret ${id} --signing-secret-file <file>`,
    }
  await writePrivate(file, `${secret}\n`)
  return { text: `Its signing secret is in ${file}.` }
}

export type SecretFile = { readonly signingSecretFile?: string }

export function secretFileOption(): Option {
  return new Option(
    '--signing-secret-file <file>',
    'write the secret that verifies its requests to this file, which only you may read; it is printed nowhere',
  )
}
