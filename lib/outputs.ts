import { Fn } from 'aws-cdk-lib'
import type { EmailIdentity } from 'aws-cdk-lib/aws-ses'

/** What a part of the stack adds to its outputs, by their names. */
export type Outputs = Readonly<Record<string, readonly [value: string, description: string]>>

/** The records that prove a domain to SES, as an operator would write them. */
export function dkimRecordsOf(identity: EmailIdentity): string {
  return Fn.join(
    ', ',
    identity.dkimRecords.map(({ name, value }) => Fn.join(' ', [name, 'CNAME', value])),
  )
}
