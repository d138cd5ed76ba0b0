import { type Failure, shownError } from '../../domain/telling/delivery-progress.ts'
import type { Lease } from '../../domain/telling/lease.ts'
import type { Update } from '../../runtime/database.ts'

/** An update of the entry of a delivery, wherever it stands: by itself or in a transaction. */
export type DeliveryUpdate = Pick<Update, 'update' | 'condition' | 'names' | 'values'>

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
    update:
      'SET #state = :sending, #claimant = :claimant, #leaseUntil = :leaseUntil, #expiresAt = :expiresAt ADD #attempts :one',
    condition: Object.values(claimable).join(' OR '),
    names: attributeNames('state', 'claimant', 'leaseUntil', 'expiresAt', 'attempts'),
    values: {
      ':sending': 'sending',
      ':waiting': 'waiting',
      ':claimant': claimant,
      ':leaseUntil': leaseUntil,
      ':expiresAt': expiresAt,
      ':now': now,
      ':one': 1,
    },
  }
}

export function sentUpdate(now: number): DeliveryUpdate {
  return {
    update: 'SET #state = :state, #sentAt = :now',
    names: attributeNames('state', 'sentAt'),
    values: { ':state': 'sent', ':now': now },
  }
}

/** Notes a failed attempt: the last one, or one that others follow. */
export function failureUpdate(
  state: 'failed' | 'waiting',
  error: string,
  now: number,
): DeliveryUpdate {
  const failures = [{ at: now, error: shownError(error) }]
  return {
    update:
      'SET #state = :state, #failures = list_append(if_not_exists(#failures, :none), :failures)',
    names: attributeNames('state', 'failures'),
    values: { ':state': state, ':none': [], ':failures': failures },
  }
}

/** The same, on condition of the attempt's own claim. */
export function ownFailureUpdate(
  state: 'failed' | 'waiting',
  { claimant, at, error }: Failure,
): DeliveryUpdate {
  const { update, names, values } = failureUpdate(state, error, at)
  return {
    update,
    condition: claimable.isOurs,
    names: { ...names, ...attributeNames('claimant') },
    values: {
      ...values,
      ':sending': 'sending',
      ':claimant': claimant,
    },
  }
}

export function attributeNames(...attributes: readonly string[]): Record<string, string> {
  return Object.fromEntries(attributes.map((attribute) => [`#${attribute}`, attribute]))
}
