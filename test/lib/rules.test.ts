import { Validations } from 'aws-cdk-lib'
import { AwsSolutionsChecks } from 'cdk-nag'
import { spawnSync } from 'node:child_process'
import { expect, it } from 'vitest'
import { deployment, sourceSettings } from './deployment.ts'

const mail = { pingEmailDomain: 'ping.example.com' }
const settings = [
  {},
  {
    ...mail,
    senderIdentity: 'domain',
    senderZone: 'Z0123456789ABCDEFGHIJ',
    domain: 'ping.example.com',
    zone: 'Z0123456789ABCDEFGHIJ',
  },
  {
    ...mail,
    alertTopics: '*',
    alertBuses: 'default,team-*',
    pingEmailIdentity: 'existing',
    pingEmailRuleSet: 'theirs',
    senderIdentity: 'existing',
    throwAway: true,
    pingConcurrency: 10,
    domain: 'ping.example.com',
    certificate:
      'arn:aws:acm:us-east-1:123456789012:certificate/01234567-89ab-cdef-0123-456789abcdef',
    frontSecrets: '2,1',
    ...sourceSettings,
  },
]

it.each(settings)('the stack keeps the rules of AWS Solutions, with the settings %j', (given) => {
  const { app } = deployment(given)
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app))

  expect(() => app.synth({ force: true })).not.toThrow()
})

it(
  'the template gives cfn-lint nothing to say, whatever the settings',
  { timeout: 240_000 },
  ({ skip }) => {
    const templates = settings.flatMap((given) =>
      deployment(given)
        .app.synth()
        .stacks.map(({ templateFullPath }) => templateFullPath),
    )

    const { stdout, status, error } = spawnSync('cfn-lint', templates, { encoding: 'utf8' })

    skip(error !== undefined, 'cfn-lint is not installed here')
    expect([stdout, status]).toEqual(['', 0])
  },
)
