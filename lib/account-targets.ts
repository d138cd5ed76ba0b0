import { Stack } from 'aws-cdk-lib'
import { PolicyStatement } from 'aws-cdk-lib/aws-iam'
import type { Construct } from 'constructs'

/** What exists in the account beside this stack and functions are let into: all of a kind, since it is named at run time, or has no name. */
export class AccountTargets {
  /** A function that sends needs to know nothing: a channel carries the ARN. */
  readonly environment: Readonly<Record<string, string>> = {}
  /** How the ARNs begin. */
  readonly arnPrefix: string
  readonly #conditions: Readonly<Record<string, unknown>>

  constructor(arnPrefix: string, conditions: Readonly<Record<string, unknown>> = {}) {
    this.arnPrefix = arnPrefix
    this.#conditions = conditions
  }

  grantOf(actions: readonly string[]): PolicyStatement {
    return new PolicyStatement({ actions: [...actions], resources: [`${this.arnPrefix}*`], conditions: { ...this.#conditions } })
  }
}

/** The SNS topics of the stack's account and region. */
export function topicsOf(scope: Construct): AccountTargets {
  return new AccountTargets(Stack.of(scope).formatArn({ service: 'sns', resource: '' }))
}

/** The event buses of the stack's account and region. The source is ours, so that nobody can make Overdue speak for another program. */
export function busesOf(scope: Construct): AccountTargets {
  const prefix = Stack.of(scope).formatArn({ service: 'events', resource: 'event-bus', resourceName: '' })
  return new AccountTargets(prefix, { StringEquals: { 'events:source': 'overdue' } })
}

/** What AWS grants for all of the account or not at all, as the reading of metrics and of limits. */
export function wholeAccount(): AccountTargets {
  return new AccountTargets('')
}
