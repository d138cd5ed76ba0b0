import { Stack } from 'aws-cdk-lib'
import { PolicyStatement } from 'aws-cdk-lib/aws-iam'
import type { Construct } from 'constructs'

/**
 * What exists in the account beside this stack and functions are let into: by the names of the
 * operator's choice, or all that has no name.
 */
export class AccountTargets {
  /** A function that sends needs to know nothing: a channel carries the ARN. */
  readonly environment: Readonly<Record<string, string>> = {}
  /** An asterisk at the end of one stands for whatever follows. */
  readonly arns: readonly string[]
  readonly #conditions: Readonly<Record<string, unknown>>

  constructor(arns: readonly string[], conditions: Readonly<Record<string, unknown>> = {}) {
    this.arns = arns
    this.#conditions = conditions
  }

  /** The permission for these actions; undefined when the settings name no target. */
  grantOf(actions: readonly string[]): PolicyStatement | undefined {
    if (this.arns.length === 0) return undefined
    return new PolicyStatement({
      actions: [...actions],
      resources: [...this.arns],
      conditions: { ...this.#conditions },
    })
  }
}

/** SNS topics of the stack's account and region. */
export function topicsOf(scope: Construct, names: readonly string[]): AccountTargets {
  return new AccountTargets(
    names.map((resource) => Stack.of(scope).formatArn({ service: 'sns', resource })),
  )
}

/**
 * Event buses of the stack's account and region. The source is ours, so that nobody can make
 * Overdue speak for another program.
 */
export function busesOf(scope: Construct, names: readonly string[]): AccountTargets {
  const arns = names.map((resourceName) =>
    Stack.of(scope).formatArn({ service: 'events', resource: 'event-bus', resourceName }),
  )
  return new AccountTargets(arns, { StringEquals: { 'events:source': 'overdue' } })
}

/**
 * What AWS grants for all of the account or not at all, as the reading of metrics and of limits.
 */
export function wholeAccount(): AccountTargets {
  return new AccountTargets(['*'])
}
