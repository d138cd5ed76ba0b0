import type { UpdateItemCommandInput } from '@aws-sdk/client-dynamodb'
import { marshall } from '@aws-sdk/util-dynamodb'

/** An update of the entry of a delivery, wherever it stands: by itself or in a transaction. */
export type DeliveryUpdate = Pick<
  UpdateItemCommandInput,
  'ConditionExpression' | 'ExpressionAttributeNames' | 'ExpressionAttributeValues'
> & { readonly UpdateExpression: string }

/**
 * `claimant` tells a claim from any other, so that one whose answer was lost can be made again.
 * `leaseUntil` has to lie behind the end of the function that claims; `expiresAt` is in epoch
 * seconds, the others in milliseconds.
 */
export type ClaimTerms = {
  readonly claimant: string
  readonly now: number
  readonly leaseUntil: number
  readonly expiresAt: number
}

/** What came of an attempt that is over, and by whose claim it was made. */
export type Failure = { readonly claimant: string; readonly at: number; readonly error: string }

const ERROR_LENGTH = 200

const claimable = {
  isNew: 'attribute_not_exists(#state)',
  isWaiting: '#state = :waiting',
  isAbandoned: '(#state = :sending AND #leaseUntil <= :now)',
  isOurs: '(#state = :sending AND #claimant = :claimant)',
}

/** Takes a delivery for as long as the lease runs. */
export function claimUpdate({ claimant, now, leaseUntil, expiresAt }: ClaimTerms): DeliveryUpdate {
  return {
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
  }
}

export function sentUpdate(now: number): DeliveryUpdate {
  return {
    UpdateExpression: 'SET #state = :state, #sentAt = :now',
    ExpressionAttributeNames: names('state', 'sentAt'),
    ExpressionAttributeValues: marshall({ ':state': 'sent', ':now': now }),
  }
}

/** Notes an attempt that failed: the last one, or one that others follow. */
export function failureUpdate(
  state: 'failed' | 'waiting',
  error: string,
  now: number,
): DeliveryUpdate {
  const failures = [{ at: now, error: shownError(error) }]
  return {
    UpdateExpression:
      'SET #state = :state, #failures = list_append(if_not_exists(#failures, :none), :failures)',
    ExpressionAttributeNames: names('state', 'failures'),
    ExpressionAttributeValues: marshall({ ':state': state, ':none': [], ':failures': failures }),
  }
}

/** The same on condition of the claim by which the attempt was made. */
export function ownFailureUpdate(
  state: 'failed' | 'waiting',
  { claimant, at, error }: Failure,
): DeliveryUpdate {
  const { UpdateExpression, ExpressionAttributeNames, ExpressionAttributeValues } = failureUpdate(
    state,
    error,
    at,
  )
  return {
    UpdateExpression,
    ConditionExpression: claimable.isOurs,
    ExpressionAttributeNames: { ...ExpressionAttributeNames, ...names('claimant') },
    ExpressionAttributeValues: {
      ...ExpressionAttributeValues,
      ...marshall({ ':sending': 'sending', ':claimant': claimant }),
    },
  }
}

/** As much of an error as people read. */
export function shownError(error: string): string {
  return error.slice(0, ERROR_LENGTH)
}

export function names(...attributes: readonly string[]): Record<string, string> {
  return Object.fromEntries(attributes.map((attribute) => [`#${attribute}`, attribute]))
}
