import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CommandFailure } from '../answering.ts'
import { cdkCommand, type GivenSettings, synthesizeInto } from './cdk.ts'

/**
 * Has the CDK deploy the stack, with the terminal and the AWS credentials of who asks.
 * @param words that the CDK takes besides
 * @throws CommandFailure when it is missing, or did not deploy: it says why itself.
 */
export async function deployStack(given: GivenSettings, words: readonly string[]): Promise<void> {
  const cdk = cdkCommand()
  const assembly = await mkdtemp(join(tmpdir(), 'overdue-'))
  try {
    await synthesizeInto(assembly, given)
    const child = spawn(process.execPath, [cdk, 'deploy', '--app', assembly, ...words], {
      stdio: 'inherit',
    })
    const [status] = (await once(child, 'close')) as [number | null]
    if (status !== 0) throw new CommandFailure('the CDK did not deploy; it says why above')
  } finally {
    await rm(assembly, { recursive: true, force: true })
  }
}
