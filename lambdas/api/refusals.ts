import { linkAllowance, testAllowance } from '../domain/telling/allowance.ts'
import { channelLimit } from '../domain/telling/channel.ts'
import { windowLimit } from '../domain/watching/window.ts'
import type { changeChannel, createChannel, deleteChannel } from '../managing/channels.ts'
import type { CheckRefusal } from '../managing/checks.ts'
import type { SyncRefusal } from '../managing/sync-checks.ts'
import type { RenewRefusal } from '../managing/signing.ts'
import type { testChannel } from '../managing/test-channel.ts'
import type { changeWindow, createWindow } from '../managing/windows.ts'
import { HttpError } from './http-error.ts'

/** What came of a use case. @throws HttpError for what it refused. */
export function accepted<Done extends object>(outcome: Done | Refusal): Done {
  if (isRefusal(outcome)) throw errorOf(outcome)
  return outcome
}

type Refusal =
  | CheckRefusal
  | Exclude<SyncRefusal, { readonly refusal: 'unfit' }>
  | RenewRefusal
  | RefusalOf<typeof createChannel | typeof changeChannel>
  | RefusalOf<typeof deleteChannel | typeof testChannel>
  | RefusalOf<typeof createWindow | typeof changeWindow>
type RefusalOf<UseCase extends (...args: never[]) => unknown> = Extract<
  Awaited<ReturnType<UseCase>>,
  { readonly refusal: string }
>

function isRefusal(outcome: object): outcome is Refusal {
  return 'refusal' in outcome
}

export function errorOf(refused: Refusal): HttpError {
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
    case 'unreadable':
      // Not the caller's mistake: it fails as what can't be read does elsewhere.
      throw new Error(`checks ${refused.checks.join(', ')} can't be read`)
    case 'early-without-schedule':
      return bad('rules.early needs a schedule, not a timeout')
    case 'early-too-long':
      return bad(
        `rules.early and grace together must be shorter than the time between two runs, which may be ${refused.gapSeconds} seconds`,
      )
    case 'escalation-unknown':
      return bad(`rules.escalate names no channel of the project: ${refused.channelId}`)
    case 'parent-unknown':
      return bad(`rules.depends_on names no check of the project: ${refused.checkId}`)
    case 'parent-circular':
      return bad('rules.depends_on has the check depend on itself')
    case 'kept-by-source':
      return new HttpError(409, keptByDatabase)
    case 'channel-missing':
      return new HttpError(404, 'channel not found')
    case 'channels-full':
      return new HttpError(403, `project has ${channelLimit} channels already, its limit`)
    case 'channel-changed':
      return new HttpError(409, 'channel was changed at the same time, try again')
    case 'never-signed':
      return new HttpError(
        400,
        `channels of kind ${refused.kind} have no secret: nothing is signed`,
      )
    case 'channel-unverified':
      return new HttpError(409, 'channel is not verified')
    case 'test-not-told':
      return new HttpError(400, 'channel has no request for that status')
    case 'window-missing':
      return new HttpError(404, 'window not found')
    case 'windows-full':
      return new HttpError(403, `project has ${windowLimit} windows already, its limit`)
    case 'tests-used-up':
      return tooMany(`a project may have ${testAllowance.most} tests a minute, try again later`)
    case 'project-links-used-up':
      return tooMany(
        `a project may have ${linkAllowance.most} links mailed a day, try again tomorrow`,
      )
    case 'address-links-used-up':
      return tooMany(
        'an address gets one link in ten minutes and five a day, from all projects, try again later',
      )
  }
}

const keptByDatabase =
  'check is kept by a database: but for its rules and channels it is changed and deleted there'

function bad(problem: string): HttpError {
  return new HttpError(400, `json validation error: ${problem}`)
}

function tooMany(message: string): HttpError {
  return new HttpError(429, message)
}

function unknown(name: string): string {
  return name === '' ? 'empty channel identifier' : `invalid channel identifier: ${name}`
}
