import { CfnDeletionPolicy, Stack } from 'aws-cdk-lib'
import { PublicHostedZone } from 'aws-cdk-lib/aws-route53'
import { CfnEmailIdentity, EmailIdentity, Identity } from 'aws-cdk-lib/aws-ses'
import type { Construct } from 'constructs'
import { dkimRecordsOf, type Outputs } from './outputs.ts'
import { domainOf, type Settings } from './settings.ts'

export type SenderSettings = Pick<Settings, 'sender' | 'senderIdentity' | 'senderZone'>

/** Makes what SES knows the sender by. Returns the DNS records that are left to the operator. */
export function makeSenderIdentity(scope: Construct, settings: SenderSettings): Outputs {
  switch (settings.senderIdentity) {
    case 'existing':
      return {}
    case 'managed':
      keepReplaced(
        new EmailIdentity(scope, 'Sender', { identity: Identity.email(settings.sender) }),
      )
      return {}
    case 'domain':
      return makeDomain(scope, settings)
  }
}

/**
 * With DKIM and MAIL FROM of its domain a mail is the domain's own in both ways that receivers look
 * at.
 */
function makeDomain(scope: Construct, { sender, senderZone }: SenderSettings): Outputs {
  const domain = domainOf(sender)
  const { region } = Stack.of(scope)
  // SES wants the name for one region alone, and for nothing but this.
  const mailFromDomain = `bounces-${region}.${domain}`
  const identity = new EmailIdentity(scope, 'Sender', {
    identity: identityOf(scope, domain, senderZone),
    mailFromDomain,
  })
  keepReplaced(identity)
  if (senderZone !== undefined) return {}
  const mx = `${mailFromDomain} MX 10 feedback-smtp.${region}.amazonses.com`
  const spf = `${mailFromDomain} TXT "v=spf1 include:amazonses.com ~all"`
  return {
    SenderDkim: [
      dkimRecordsOf(identity),
      'The DNS records by which SES and receivers see that alerts are of your domain',
    ],
    SenderMailFrom: [
      `${mx}, ${spf}`,
      'The DNS records of the name in your domain that bounces go back to',
    ],
  }
}

/**
 * CDK takes the zone's name as the domain to prove. Records have full names, so the zone itself may
 * be one above it.
 */
function identityOf(scope: Construct, domain: string, zone: string | undefined): Identity {
  if (zone === undefined) return Identity.domain(domain)
  return Identity.publicHostedZone(
    PublicHostedZone.fromPublicHostedZoneAttributes(scope, 'SenderZone', {
      hostedZoneId: zone,
      zoneName: domain,
    }),
  )
}

/**
 * An identity that another takes the place of stays, so that alerts go out while the new one waits
 * for its link or its records.
 */
function keepReplaced(identity: EmailIdentity): void {
  const resource = identity.node.defaultChild
  if (!(resource instanceof CfnEmailIdentity))
    throw new Error(`${identity.node.path} makes no identity`)
  resource.cfnOptions.updateReplacePolicy = CfnDeletionPolicy.RETAIN
  resource.cfnOptions.deletionPolicy = CfnDeletionPolicy.DELETE
}
