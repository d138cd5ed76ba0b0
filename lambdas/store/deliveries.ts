import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  UpdateItemCommand,
  type UpdateItemCommandInput,
} from '@aws-sdk/client-dynamodb'
import { marshall } from '@aws-sdk/util-dynamodb'
import type { Delivery } from '../domain/alert.ts'
import { flipKey } from '../domain/flip.ts'
import { deliveryEntry } from './keys.ts'

/** `claimant` tells a claim from any other, so that one whose answer was lost can be made again. `leaseUntil` has to lie behind the end of the function that claims; `expiresAt` is in epoch seconds, the others in milliseconds. */
export type ClaimTerms = { readonly claimant: string; readonly now: number; readonly leaseUntil: number; readonly expiresAt: number }

/** Settled is a delivery that was sent, or refused for good. */
export type Claim = 'claimed' | 'settled' | { readonly leasedUntil: number }

const ERROR_LENGTH = 200

const claimable = {
  isNew: 'attribute_not_exists(#state)',
  isWaiting: '#state = :waiting',
  isAbandoned: '(#state = :sending AND #leaseUntil <= :now)',
  isOurs: '(#state = :sending AND #claimant = :claimant)',
}

/** What became of deliveries: entries of the journal, one for each flip and channel, with every attempt that failed. */
export class Deliveries {
  readonly #client: DynamoDBClient
  readonly #table: string

  constructor(client: DynamoDBClient, tableName: string) {
    this.#client = client
    this.#table = tableName
  }

  /** Takes a delivery for as long as the lease runs, so that only one at a time sends it. */
  async claim(delivery: Delivery, { claimant, now, leaseUntil, expiresAt }: ClaimTerms): Promise<Claim> {
    try {
      await this.#update(delivery, {
        UpdateExpression:
          'SET #state = :sending, #claimant = :claimant, #leaseUntil = :leaseUntil, #expiresAt = :expiresAt ADD #attempts :one',
        ConditionExpression: Object.values(claimable).join(' OR '),
        ExpressionAttributeNames: names('state', 'claimant', 'leaseUntil', 'expiresAt', 'attempts'),
        ExpressionAttributeValues: marshall({
          ':sending': 'sending',
          ':waiting': 'waiting',
          ':claimant': claimant,
          ':leaseUntil': leaseUntil,
          ':expiresAt': expiresAt,
          ':now': now,
          ':one': 1,
        }),
      })
      return 'claimed'
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error
      return error.Item?.['state']?.S === 'sending' ? { leasedUntil: Number(error.Item['leaseUntil']?.N ?? 0) } : 'settled'
    }
  }

  /** Settles a delivery: its channel has taken it. */
  async markSent(delivery: Delivery, now: number): Promise<void> {
    await this.#update(delivery, {
      UpdateExpression: 'SET #state = :state, #sentAt = :now',
      ExpressionAttributeNames: names('state', 'sentAt'),
      ExpressionAttributeValues: marshall({ ':state': 'sent', ':now': now }),
    })
  }

  /** Settles a delivery that no further attempt would get through. */
  async markFailed(delivery: Delivery, error: string, now: number): Promise<void> {
    await this.#noteFailure(delivery, 'failed', { error, now })
  }

  /** Gives a delivery back after an attempt that failed, for the next one. */
  async release(delivery: Delivery, error: string, now: number): Promise<void> {
    await this.#noteFailure(delivery, 'waiting', { error, now })
  }

  async #noteFailure(delivery: Delivery, state: 'failed' | 'waiting', failure: { readonly error: string; readonly now: number }) {
    const failures = [{ at: failure.now, error: failure.error.slice(0, ERROR_LENGTH) }]
    await this.#update(delivery, {
      UpdateExpression: 'SET #state = :state, #failures = list_append(if_not_exists(#failures, :none), :failures)',
      ExpressionAttributeNames: names('state', 'failures'),
      ExpressionAttributeValues: marshall({ ':state': state, ':none': [], ':failures': failures }),
    })
  }

  async #update({ alert, channel }: Delivery, expression: Omit<UpdateItemCommandInput, 'TableName' | 'Key'>): Promise<void> {
    const Key = marshall({ check: alert.flip.checkId, entry: deliveryEntry(flipKey(alert.flip), channel.id) })
    const input = { TableName: this.#table, Key, ReturnValuesOnConditionCheckFailure: 'ALL_OLD' } as const
    await this.#client.send(new UpdateItemCommand({ ...input, ...expression }))
  }
}

function names(...attributes: readonly string[]): Record<string, string> {
  return Object.fromEntries(attributes.map((attribute) => [`#${attribute}`, attribute]))
}
