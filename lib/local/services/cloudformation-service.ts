import { CallError, type AwsError, type AwsService } from './aws-call.ts'
import { withEntities } from '../../../lambdas/domain/wire/entities.ts'

const headers = { 'content-type': 'text/xml' }

/** Plays CloudFormation, as far as it takes to read the outputs of the stack. */
export function makeCloudFormationService(
  outputs: Readonly<Record<string, string>>,
  clock: { now(): number },
): AwsService {
  return {
    accesses: (call) => [{ action: `cloudformation:${call.operation}`, resource: '*' }],
    resources: () => ['Overdue'],
    perform: ({ operation }) => {
      if (operation !== 'DescribeStacks')
        throw new CallError(
          'UnsupportedOperation',
          `the local stack does not play cloudformation.${operation}`,
        )
      return Promise.resolve({
        status: 200,
        headers,
        body: described(outputs, new Date(clock.now()).toISOString()),
      })
    },
    refuse: refused,
  }
}

function described(outputs: Readonly<Record<string, string>>, now: string): string {
  const members = Object.entries(outputs).map(
    ([name, value]) =>
      `<member><OutputKey>${withEntities(name)}</OutputKey><OutputValue>${withEntities(value)}</OutputValue></member>`,
  )
  const stack =
    `<StackName>Overdue</StackName><StackId>local</StackId><StackStatus>CREATE_COMPLETE</StackStatus>` +
    `<CreationTime>${now}</CreationTime><Outputs>${members.join('')}</Outputs>`
  return `<DescribeStacksResponse><DescribeStacksResult><Stacks><member>${stack}</member></Stacks></DescribeStacksResult></DescribeStacksResponse>`
}

function refused({ name, message, status }: AwsError) {
  const body = `<ErrorResponse><Error><Code>${withEntities(name)}</Code><Message>${withEntities(message)}</Message></Error></ErrorResponse>`
  return { status, headers, body }
}
