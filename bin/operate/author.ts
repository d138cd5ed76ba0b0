import type { Author } from '../../lambdas/domain/people/audit.ts'
import { random } from '../../lambdas/runtime/random.ts'

/** Whoever has the AWS credentials, in this run of the command. */
export function theOperator(): Author {
  return { actor: { kind: 'operator' }, requestId: random.uuid() }
}
