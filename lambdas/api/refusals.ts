import type { CheckRefusal } from '../managing/checks.ts'
import { HttpError } from './http-error.ts'

/** What came of a use case. @throws HttpError for what it refused. */
export function accepted<Done extends object>(outcome: Done | CheckRefusal): Done {
  if (isRefusal(outcome)) throw errorOf(outcome)
  return outcome
}

function isRefusal(outcome: object): outcome is CheckRefusal {
  return 'refusal' in outcome
}

function errorOf(refused: CheckRefusal): HttpError {
  switch (refused.refusal) {
    case 'missing':
      return new HttpError(404, 'check not found')
    case 'foreign':
      return new HttpError(403, 'check belongs to another project')
    case 'full':
      return new HttpError(403, `project has ${refused.limit} checks already, its limit`)
    case 'unknown-channel':
      return new HttpError(400, unknown(refused.name))
    case 'ambiguous-channel':
      return new HttpError(400, `non-unique channel identifier: ${refused.name}`)
    case 'contended':
      return new HttpError(503, 'too many requests are changing the same checks, try again')
  }
}

function unknown(name: string): string {
  return name === '' ? 'empty channel identifier' : `invalid channel identifier: ${name}`
}
