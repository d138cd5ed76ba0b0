import { App, Stack } from 'aws-cdk-lib'
import { Template } from 'aws-cdk-lib/assertions'
import { expect, it } from 'vitest'
import { Overdue } from '../../lib/overdue.ts'
import { deployment, sourceSettings } from './deployment.ts'

/**
 * Logical ids of what keeps data, or has an address that others know. A deployment would lose what
 * is in them if they changed, so they never do (docs/decisions/0035-one-construct.md).
 */
const ids: Readonly<Record<string, readonly string[]>> = {
  'AWS::DynamoDB::Table': [
    'OverdueTablesHeartbeatsB5CADFA0',
    'OverdueTablesJournal6933281D',
    'OverdueTablesLookups6AB748A2',
    'OverdueTablesOperations55264338',
    'OverdueTablesRegistry166E463C',
    'OverdueTablesSessions2F75FB8E',
  ],
  'AWS::S3::Bucket': ['OverdueReceivingInbox10F50B28'],
  'AWS::SQS::Queue': [
    'OverdueAlertingDeliveriesD299742A',
    'OverdueAlertingDeliveriesDeadLetters0A4F508B',
    'OverdueAlertingFlipsDAD81019',
    'OverdueAlertingFlipsDeadLetters2CB4EA20',
    'OverdueAlertingRequests0D72B21B',
    'OverdueAlertingRequestsDeadLettersB7CDB98A',
    'OverdueAlertingStreamDeadLetters5229C6DE',
    'OverdueAlertingWebhooks98663373',
    'OverdueAlertingWebhooksDeadLettersF0EA6C5E',
    'OverdueReceivingDeadLettersF0B0E71E',
    'OverdueRecordingStreamDeadLetters7C7BD2F4',
    'OverdueSpillingSpillDeadLettersB7989B60',
    'OverdueSpillingSpillE93B93CC',
    'OverdueSyncingStreamDeadLetters95FC8ACC',
  ],
  'AWS::Lambda::Url': [
    'OverdueManagementApiFunctionUrl51225DC6',
    'OverduePagesWebFunctionUrlB3E16CB9',
    'OverduePingingPingFunctionUrl3C3619EC',
  ],
}

it.each(Object.entries(ids))('every %s keeps its logical id', (type, held) => {
  const given = { pingEmailDomain: 'ping.example.com', ...sourceSettings }
  const template = Template.fromStack(deployment(given).stack)

  expect(Object.keys(template.findResources(type)).sort()).toEqual(held)
})

it('a stack holds one Overdue, whose outputs have plain names', () => {
  const props = { sender: 'alerts@example.com', admin: 'you@example.com' }
  const stack = new Stack(new App(), 'Theirs')
  new Overdue(stack, 'Watch', props)

  expect(Template.fromStack(stack).findOutputs('PingEndpoint')).toHaveProperty('PingEndpoint')
  expect(() => new Overdue(stack, 'Another', props)).toThrow(
    'the stack Theirs holds Overdue already, as Theirs/Watch; make another stack for the next',
  )
})

it('refuses a prop that is no setting, and names it', () => {
  const props = { sender: 'alerts@example.com', admin: 'you@example.com', sendr: 'x' }

  expect(() => new Overdue(new Stack(new App(), 'Theirs'), 'Watch', props)).toThrow(
    'no setting is called sendr',
  )
})
