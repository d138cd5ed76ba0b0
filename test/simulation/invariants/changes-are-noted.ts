import { uniqueKeyOf } from '../../../lambdas/domain/watching/check.ts'
import { auditPartition } from '../../../lambdas/store/keys.ts'
import type { Invariant, Run } from '../invariant.ts'
import { type Beat, type Change, changesOf, itemsOf } from '../oracle/history.ts'
import type { CallNote, Process } from '../process.ts'

/**
 * What happens to a definition is noted once, with who did it, and nothing else is noted of it; who
 * changes the state of a check has noted that before.
 */
export const changesAreNoted: Invariant = {
  name: 'changes are noted',
  find: (run) => [...definitionsNotedApart(run), ...statesChangedUnnoted(run)],
}

const actions: Readonly<Record<string, string>> = {
  INSERT: 'check-created',
  MODIFY: 'check-changed',
  REMOVE: 'check-deleted',
}

type Counts = ReadonlyMap<string, number>

function definitionsNotedApart(run: Run): readonly string[] {
  const [done, noted] = [definitionsDone(run), definitionsNoted(run)]
  return [...new Set([...done.keys(), ...noted.keys()])]
    .filter((what) => done.get(what) !== noted.get(what))
    .map((what) => `${what}: ${done.get(what) ?? 0} times, noted ${noted.get(what) ?? 0} times`)
}

/** Odd items come past all functions. */
function definitionsDone({ world }: Run): Counts {
  const writes = world.writesTo('Registry').filter(({ by }) => by.name in functions)
  return countsOf(
    writes.flatMap(({ record: { eventName = '', dynamodb } }) => {
      const { pk, sk } = dynamodb?.Keys ?? {}
      const [kind, key] = (sk?.S ?? '').split('#')
      const projectId = (pk?.S ?? '').replace('project#', '')
      return kind === 'check' ? [`${actions[eventName]} ${key} of ${projectId}`] : []
    }),
  )
}

const functions = { api: true, provision: true, mirror: true }

function definitionsNoted(run: Run): Counts {
  const entries = itemsOf(run, 'Journal') as readonly Entry[]
  return countsOf(
    entries
      .filter(({ action = '' }) => Object.values(actions).includes(action))
      .map(({ action, subject, check }) => {
        const projectId = check.slice(auditPartition('').length)
        return `${action} ${subject?.id} of ${projectId}`
      }),
  )
}

type Entry = {
  readonly check: string
  readonly action?: string
  readonly subject?: { readonly id: string }
}

function countsOf(all: readonly string[]): Counts {
  return new Map([...Map.groupBy(all, (each) => each)].map(([each, some]) => [each, some.length]))
}

function statesChangedUnnoted(run: Run): readonly string[] {
  return changesOf(run)
    .filter((change) => isOfState(change) && !isNoted(change))
    .map(({ id, at }) => `the state of ${id} changed at ${at}, which was not noted before`)
}

/** A pause, a resume or a snooze by somebody. To end a snooze that is over changes nothing. */
function isOfState({ at, by, before, after }: Change): boolean {
  if (by.name !== 'api' || before === undefined || after === undefined) return false
  const snoozeIn = ({ S = 0 }: Beat) => (S > at + by.skewMs ? S : 0)
  return before.s !== after.s || snoozeIn(before) !== snoozeIn(after)
}

function isNoted({ id, at, by }: Change): boolean {
  return notesOf(by).some(
    ({ input, effectAt = Infinity }) => effectAt <= at && subjectIn(input) === uniqueKeyOf(id),
  )
}

function notesOf({ calls }: Process): readonly CallNote[] {
  return calls.filter(
    ({ operation, input }) =>
      operation === 'PutItem' && (input as Noted).Item?.entry?.S?.startsWith('audit#'),
  )
}

type Noted = {
  readonly Item?: {
    readonly entry?: { readonly S?: string }
    readonly subject?: { readonly M?: { readonly id?: { readonly S?: string } } }
  }
}

function subjectIn({ Item }: Noted): string | undefined {
  return Item?.subject?.M?.id?.S
}
