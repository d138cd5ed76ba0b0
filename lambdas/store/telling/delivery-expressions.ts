import type { UpdateItemCommandInput } from '@aws-sdk/client-dynamodb'
import { marshall } from '@aws-sdk/util-dynamodb'
import { type Failure, type Lease, shownError } from '../../domain/telling/delivery.ts'

/** An update of the entry of a delivery, wherever it stands: by itself or in a transaction. */
export type DeliveryUpdate = Pick<
  UpdateItemCommandInput,
  'ConditionExpression' | 'ExpressionAttributeNames' | 'ExpressionAttributeValues'
> & { readonly UpdateExpression: string }

/** `expiresAt` is in epoch seconds, the others are in milliseconds. */
export type ClaimTerms = Lease & { readonly expiresAt: number }

/** The clauses that `claimDelivery` states. */
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

export function names(...attributes: readonly string[]): Record<string, string> {
  return Object.fromEntries(attributes.map((attribute) => [`#${attribute}`, attribute]))
}
