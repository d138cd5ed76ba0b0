import { CloudFormationClient, DescribeStackResourcesCommand } from '@aws-sdk/client-cloudformation'
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda'
import { SendEmailCommand, SESv2Client } from '@aws-sdk/client-sesv2'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { World } from './world.ts'

export type SmokeOptions = {
  readonly name: string
  readonly sender: string
  readonly admin: string
  readonly domain?: string
  readonly zone?: string
  readonly pingEmailDomain?: string
  readonly pingEmailRuleSet?: string
}

/** A stack to be thrown away, made with the settings of a real one. */
export class SmokeDeployment {
  readonly #options: SmokeOptions
  /** For what the deployment leaves on this machine. */
  readonly #folder: string

  constructor(options: SmokeOptions, folder: string) {
    this.#options = options
    this.#folder = folder
  }

  /** @throws when it can't be deployed; what was made of it is to be destroyed all the same */
  async deploy(): Promise<World> {
    await this.#cdk('deploy', '--require-approval', 'never', '--outputs-file', this.#outputsFile)
    const { name, domain, pingEmailDomain } = this.#options
    const all = JSON.parse(readFileSync(this.#outputsFile, 'utf8')) as Readonly<
      Record<string, Readonly<Record<string, string>>>
    >
    const apiOwnRoot = all[name]?.['ApiOwnRoot']
    return {
      target: ['--stack', name],
      wait: (seconds) => new Promise((resolve) => setTimeout(resolve, seconds * 1000)),
      drill: () => this.#drill(),
      isPublic: true,
      extras: {
        ...(domain === undefined ? {} : { domain }),
        ...(apiOwnRoot === undefined ? {} : { apiOwnRoot }),
        ...(pingEmailDomain === undefined
          ? {}
          : { mail: (mailbox) => this.#mail(`${mailbox}@${pingEmailDomain}`) }),
      },
    }
  }

  async destroy(): Promise<void> {
    await this.#cdk('destroy', '--force')
  }

  get #outputsFile(): string {
    return join(this.#folder, 'outputs.json')
  }

  async #cdk(...args: readonly string[]): Promise<void> {
    const { zone, ...given } = this.#options
    const context = {
      ...given,
      ...(zone === undefined ? {} : { zone, apiOwnName: 'open' }),
      ...throwAway(given.pingEmailDomain),
    }
    const settings = Object.entries(context).flatMap(([name, value]) => ['-c', `${name}=${value}`])
    const command = [...args, '--output', join(this.#folder, 'assembly'), ...settings]
    const cdk = spawn(join(import.meta.dirname, '../../node_modules/.bin/cdk'), command, {
      stdio: ['ignore', 'inherit', 'inherit'],
    })
    const [status] = (await once(cdk, 'close')) as [number | null]
    if (status !== 0) throw new Error(`cdk ${args[0] ?? ''} ended with ${status}`)
  }

  async #drill(): Promise<unknown> {
    const { StackResources = [] } = await new CloudFormationClient().send(
      new DescribeStackResourcesCommand({ StackName: this.#options.name }),
    )
    const drill = StackResources.find(
      ({ ResourceType, LogicalResourceId }) =>
        ResourceType === 'AWS::Lambda::Function' && /^DrillingDrill/.test(LogicalResourceId ?? ''),
    )
    const answer = await new LambdaClient({ maxAttempts: 1 }).send(
      new InvokeCommand({ FunctionName: drill?.PhysicalResourceId ?? 'none', Payload: '{}' }),
    )
    return JSON.parse(answer.Payload?.transformToString() ?? 'null') as unknown
  }

  async #mail(address: string): Promise<void> {
    const content = { Subject: { Data: 'smoke' }, Body: { Text: { Data: 'smoke' } } }
    const mail = {
      FromEmailAddress: this.#options.sender,
      Destination: { ToAddresses: [address] },
      Content: { Simple: content },
    }
    await new SESv2Client().send(new SendEmailCommand(mail))
  }
}

/**
 * What SES knows already is not made anew, and nothing outlives the stack but the bucket of mails,
 * which empties itself.
 */
function throwAway(pingEmailDomain: string | undefined): Readonly<Record<string, string>> {
  const mail = pingEmailDomain === undefined ? {} : { pingEmailIdentity: 'existing' }
  return { throwAway: 'true', senderIdentity: 'existing', ...mail }
}
