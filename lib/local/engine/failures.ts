import {
  type CancellationReason,
  ConditionalCheckFailedException,
  DynamoDBServiceException,
  ResourceNotFoundException,
  TransactionCanceledException,
} from '@aws-sdk/client-dynamodb'

const $metadata = {}

/** A request that DynamoDB refuses, whatever the table holds. The SDK has no class for it. */
export function invalid(message: string): DynamoDBServiceException {
  return new DynamoDBServiceException({
    name: 'ValidationException',
    $fault: 'client',
    message,
    $metadata,
  })
}

export function invalidParameters(message: string): DynamoDBServiceException {
  return invalid(`One or more parameter values were invalid: ${message}`)
}

/** DynamoDB may do this; the model does not, and says so rather than guess. */
export function unknownToModel(what: string): Error {
  return new Error(`the model of DynamoDB does not know ${what}`)
}

export function noTable(): ResourceNotFoundException {
  return new ResourceNotFoundException({ message: 'Requested resource not found', $metadata })
}

export const conditionFailed = 'The conditional request failed'

export function conditionalCheckFailed(
  found: ConditionalCheckFailedException['Item'],
): ConditionalCheckFailedException {
  return new ConditionalCheckFailedException({
    message: conditionFailed,
    $metadata,
    ...(found === undefined ? {} : { Item: found }),
  })
}

export function transactionCanceled(reasons: CancellationReason[]): TransactionCanceledException {
  const codes = reasons.map(({ Code }) => Code).join(', ')
  const message = `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes}]`
  return new TransactionCanceledException({ message, CancellationReasons: reasons, $metadata })
}
