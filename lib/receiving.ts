import { CfnResource, Duration, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib'
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import { BlockPublicAccess, Bucket, BucketEncryption } from 'aws-cdk-lib/aws-s3'
import {
  EmailIdentity,
  Identity,
  type IReceiptRuleAction,
  ReceiptRule,
  ReceiptRuleSet,
} from 'aws-cdk-lib/aws-ses'
import { Construct } from 'constructs'
import { platformGrants } from './grants.ts'
import { Handler } from './handler.ts'
import { dkimRecordsOf, type Outputs } from './outputs.ts'
import { DeadLetters } from './queues.ts'
import type { Settings } from './settings.ts'
import type { Tables } from './tables.ts'

export type ReceivingProps = Pick<
  Settings,
  'pingEmailIdentity' | 'pingEmailRuleSet' | 'pingBodyLimit' | 'logDays'
> & {
  readonly tables: Tables
  /** What comes behind the @ of addresses that ping. */
  readonly domain: string
}

/**
 * Takes mail to a domain as pings: SES leaves each message in a bucket and calls a function, which
 * finds in its event whom the message was sent to. Nothing is scanned, nothing is asked of the
 * sender, TLS included: who knows a check's address may ping it.
 */
export class Receiving extends Construct {
  readonly inbound: Handler<'Inbound'>
  readonly deadLetters: DeadLetters
  /** What the operator has to do outside the stack, by the name of the output. */
  readonly outputs: Outputs
  readonly #ruleSet: string

  constructor(scope: Construct, id: string, props: ReceivingProps) {
    super(scope, id)
    const { domain, tables, pingBodyLimit, logDays, pingEmailRuleSet, pingEmailIdentity } = props
    this.#ruleSet = pingEmailRuleSet ?? new ReceiptRuleSet(this, 'RuleSet').receiptRuleSetName
    const inbox = new Inbox(this, 'Inbox')
    this.inbound = new Handler(this, 'Inbound', {
      granted: {
        Heartbeats: tables.heartbeats,
        Lookups: tables.lookups,
        Journal: tables.journal,
        Inbox: inbox,
      },
      environment: {
        PING_EMAIL_DOMAIN: domain,
        PING_BODY_LIMIT: pingBodyLimit.toString(),
        LOG_DAYS: logDays.toString(),
      },
      timeout: Duration.seconds(60),
      // A mail of 40 MB is held several times over while it is parsed.
      memoryMegabytes: 1024,
    })
    Validations.of(this).acknowledge({
      id: `AwsSolutions::AwsSolutions-IAM5[Resource::<${inbox.logicalId}.Arn>/*]`,
      reason: 'SES names each mail anew; the bucket has nothing but them',
    })
    this.deadLetters = this.#keepFailures()
    this.#receive(domain, inbox)
    const identity =
      pingEmailIdentity === 'managed'
        ? new EmailIdentity(this, 'Identity', { identity: Identity.domain(domain) })
        : undefined
    this.outputs = {
      ...this.#mxOutputs(domain),
      ...dkimOutputs(identity),
      ...(pingEmailRuleSet === undefined ? this.#activation() : {}),
    }
  }

  /**
   * Lambda tries an event again after one minute and after two; then it is kept, and the operator
   * hears of it.
   */
  #keepFailures(): DeadLetters {
    const deadLetters = new DeadLetters(this, 'DeadLetters')
    this.inbound.configureAsyncInvoke({
      retryAttempts: 2,
      maxEventAge: Duration.hours(6),
      onFailure: { bind: () => ({ destination: deadLetters.queueArn }) },
    })
    this.inbound.addToRolePolicy(
      new PolicyStatement({
        actions: [...platformGrants.deadLetters],
        resources: [deadLetters.queueArn],
      }),
    )
    return deadLetters
  }

  /**
   * SES tries what a rule needs when it is made, so permissions come before it; they are for any
   * rule of the set.
   */
  #receive(domain: string, inbox: Inbox): void {
    const sourceAccount = Stack.of(this).account
    const sourceArn = Stack.of(this).formatArn({
      service: 'ses',
      resource: 'receipt-rule-set',
      resourceName: `${this.#ruleSet}:receipt-rule/*`,
    })
    inbox.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal('ses.amazonaws.com')],
        actions: ['s3:PutObject'],
        resources: [inbox.arnForObjects('*')],
        conditions: {
          StringEquals: { 'aws:SourceAccount': sourceAccount },
          ArnLike: { 'aws:SourceArn': sourceArn },
        },
      }),
    )
    this.inbound.addPermission('FromSes', {
      principal: new ServicePrincipal('ses.amazonaws.com'),
      sourceAccount,
      sourceArn,
    })
    const keep: IReceiptRuleAction = {
      bind: () => ({ s3Action: { bucketName: inbox.bucketName } }),
    }
    const call: IReceiptRuleAction = {
      bind: () => ({
        lambdaAction: { functionArn: this.inbound.functionArn, invocationType: 'Event' },
      }),
    }
    const rule = new ReceiptRule(this, 'Rule', {
      ruleSet: ReceiptRuleSet.fromReceiptRuleSetName(this, 'RuleSetOfRule', this.#ruleSet),
      recipients: [domain],
      actions: [keep, call],
    })
    rule.node.addDependency(inbox, this.inbound)
  }

  #mxOutputs(domain: string): Outputs {
    const { region, urlSuffix } = Stack.of(this)
    const host = `10 inbound-smtp.${region}.${urlSuffix}`
    return {
      PingEmailMx: [`${domain}. MX ${host}`, 'The DNS record by which mail that pings finds SES'],
    }
  }

  /**
   * A region has one active set of rules, so making this one active is not for a stack to do: it
   * may end the mail of others.
   */
  #activation(): Outputs {
    const command = `aws ses set-active-receipt-rule-set --rule-set-name ${this.#ruleSet}`
    return {
      PingEmailActivation: [
        command,
        'What makes SES follow the rules of this stack, in place of those that were active',
      ],
    }
  }
}

function dkimOutputs(identity: EmailIdentity | undefined): Outputs {
  if (identity === undefined) return {}
  return {
    PingEmailDkim: [
      dkimRecordsOf(identity),
      'The DNS records by which SES sees that the domain of mail that pings is yours',
    ],
  }
}

/**
 * Where mail lies until it has pinged, and a week more, for what failed. Only SES can write and
 * only the function can read. It outlives the stack, because a bucket that is not empty can't be
 * deleted, and empties itself.
 */
class Inbox extends Bucket {
  /** In the template of its stack. */
  readonly logicalId: string

  constructor(scope: Construct, id: string) {
    super(scope, id, {
      encryption: BucketEncryption.S3_MANAGED,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      enforceSSL: true,
      lifecycleRules: [
        { expiration: Duration.days(7), abortIncompleteMultipartUploadAfter: Duration.days(1) },
      ],
      removalPolicy: RemovalPolicy.RETAIN,
    })
    Validations.of(this).acknowledge({
      id: 'AwsSolutions::AwsSolutions-S1',
      reason:
        'One function reads it, once a mail; a log of that would need a bucket of its own that tells less than the log of the function',
    })
    const { defaultChild } = this.node
    if (!CfnResource.isCfnResource(defaultChild)) throw new Error('a bucket is one resource')
    this.logicalId = this.stack.getLogicalId(defaultChild)
  }
}
