import { vi } from 'vitest'
import { runCommand } from '../../bin/operate/command.ts'
import { makeTerminal } from './terminal.ts'

/** Runs the command with the key of a project and no other settings, as in `check list`. */
export async function withKey(
  { url, apiKey }: { readonly url?: string; readonly apiKey?: string },
  args: readonly string[],
) {
  vi.stubEnv('HOME', '/nonexistent')
  vi.stubEnv('OVERDUE_URL', url)
  vi.stubEnv('OVERDUE_API_KEY', apiKey)
  const terminal = makeTerminal()
  const status = await runCommand(args, { ...terminal, ask: undefined })
  const { out, err } = terminal.seen()
  return { status, out, err }
}
