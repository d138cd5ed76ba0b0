import { Stack } from 'aws-cdk-lib'
import { PolicyStatement } from 'aws-cdk-lib/aws-iam'
import { ConfigurationSet, EmailSendingEvent, EventDestination } from 'aws-cdk-lib/aws-ses'
import type { ITopic } from 'aws-cdk-lib/aws-sns'
import { Construct } from 'constructs'
import type { Outputs } from './outputs.ts'
import { makeSenderIdentity, type SenderSettings } from './sender-identity.ts'

export type MailingProps = SenderSettings & {
  /** Is told which mails did not arrive. */
  readonly operator: ITopic
}

/**
 * Mail from the sender, through SES: who it comes from, and what becomes of mail that is not
 * delivered.
 */
export class Mailing extends Construct {
  /** What a function that sends needs to know. */
  readonly environment: Readonly<Record<string, string>>
  /** What the operator has to do outside the stack. */
  readonly outputs: Outputs
  readonly #sender: string
  readonly #configurationSet: ConfigurationSet

  constructor(scope: Construct, id: string, { operator, ...settings }: MailingProps) {
    super(scope, id)
    this.#sender = settings.sender
    this.#configurationSet = new ConfigurationSet(this, 'ConfigurationSet', {
      // Gives the bounce rate of this mail, beside that of the whole account, on which SES acts.
      reputationMetrics: true,
      // Channels suppress by themselves what bounced or complained. A list of SES's own would keep
      // the new link from an address that is good again.
      disableSuppressionList: true,
    })
    this.#configurationSet.addEventDestination('Undelivered', {
      destination: EventDestination.snsTopic(operator),
      events: [EmailSendingEvent.BOUNCE, EmailSendingEvent.COMPLAINT, EmailSendingEvent.REJECT],
    })
    this.outputs = makeSenderIdentity(this, settings)
    this.environment = {
      SENDER: settings.sender,
      CONFIGURATION_SET: this.#configurationSet.configurationSetName,
    }
  }

  /**
   * Lets a function send as the sender, and as nobody else. The identities are left open and the
   * sender is the condition, because SES asks for more than the identity of the sender: also for
   * that of a recipient who is verified in the same account, as in its sandbox everybody is.
   */
  grantOf(actions: readonly string[]): PolicyStatement {
    const arnOf = (resource: string, resourceName: string) =>
      Stack.of(this).formatArn({ service: 'ses', resource, resourceName })
    return new PolicyStatement({
      actions: [...actions],
      resources: [
        arnOf('identity', '*'),
        arnOf('configuration-set', this.#configurationSet.configurationSetName),
      ],
      // Whichever spelling SES holds against it: the one that was verified or that of the mail.
      conditions: { StringEqualsIgnoreCase: { 'ses:FromAddress': this.#sender } },
    })
  }
}
