import { isDeepStrictEqual } from 'node:util'
import { auditChanges, auditEntryBy } from '../../../lambdas/domain/people/audit.ts'
import { titleOf } from '../../../lambdas/domain/watching/check.ts'
import type { Project } from '../../../lambdas/domain/people/project.ts'
import { random } from '../../../lambdas/runtime/random.ts'
import { theOperator } from '../author.ts'
import type { CommandAnswer, Terminal } from '../command-answer.ts'
import { publishIfBehind } from '../republishing.ts'
import type { Deployment } from '../target.ts'
import { create, type Destination, findDestination } from './creation.ts'
import { type ForeignCheck, readCheck } from './healthchecks-check.ts'
import { fetchChecks, type HealthchecksSource } from './healthchecks-server.ts'
import type { WantedCheck } from './wanted-check.ts'

const PROGRESS_EVERY = 100

export type HealthchecksOptions = HealthchecksSource & { readonly project: string }

type ImportResult = { readonly id?: string; readonly title: string } & (
  | { readonly outcome: 'created'; readonly hasNewBadge?: true }
  | { readonly outcome: 'kept'; readonly differs: readonly string[] }
  | { readonly outcome: 'refused'; readonly reason: string }
)

/**
 * Copies the checks of a Healthchecks project, under their UUIDs. A check that is here already
 * stays as it is, because somebody may have changed it since an earlier run. A check that can't be
 * taken is named, and doesn't stop the others.
 */
export async function importHealthchecks(
  deployment: Deployment,
  source: HealthchecksOptions,
  terminal: Terminal,
): Promise<CommandAnswer> {
  const destination = await findDestination(deployment, source.project)
  const found = await fetchChecks(source)
  terminal.note(`overdue: ${found.length} checks found at ${source.url}`)
  if (found.length > 0) await noteImport(deployment, destination.project, found.length)
  // Healthchecks lists checks by age: instants of their own keep them in that order.
  const firstAt = deployment.clock.now() - found.length
  const outcomes: ImportResult[] = []
  for (const [index, json] of found.entries()) {
    const outcome = await importCheck(deployment, { json, destination, at: firstAt + index })
    if (outcome.outcome === 'refused')
      terminal.note(`overdue: ${outcome.title} is left out: ${outcome.reason}`)
    outcomes.push(outcome)
    if (outcomes.length % PROGRESS_EVERY === 0)
      terminal.note(`overdue: ${outcomes.length} of ${found.length} checks done`)
  }
  return answerOf(outcomes, destination)
}

/** One entry for all, before the first of them: there may be thousands. */
async function noteImport(
  { audits, clock }: Deployment,
  { id, name }: Project,
  count: number,
): Promise<void> {
  const subject = { kind: 'project', id, name } as const
  const changes = auditChanges({}, { checksFound: String(count) })
  const change = { projectId: id, action: 'checks-imported', subject, changes } as const
  await audits.put(auditEntryBy(theOperator(), clock.now(), change))
}

type Task = { readonly json: unknown; readonly destination: Destination; readonly at: number }

async function importCheck(
  deployment: Deployment,
  { json, destination, at }: Task,
): Promise<ImportResult> {
  const reading = readCheck(json, () => random.uuid())
  if ('problem' in reading)
    return { outcome: 'refused', title: reading.title, reason: reading.problem }
  const { check: wanted } = reading
  const named = { id: wanted.id, title: titleOf(wanted) }
  const owner = await deployment.registry.ownerOf(wanted.id)
  if (owner === undefined)
    return { ...named, ...(await createIt(deployment, reading, { destination, at })) }
  if (owner !== destination.project.id)
    return {
      ...named,
      outcome: 'refused',
      reason: `its UUID belongs to another project here, ${owner}`,
    }
  const there = await deployment.registry.check(owner, wanted.id)
  if (there === undefined)
    return {
      ...named,
      outcome: 'refused',
      reason: 'somebody else is deleting it here; run this again',
    }
  await publishIfBehind(deployment, [there], destination.project.pingKey)
  return { ...named, outcome: 'kept', differs: differences(wanted, there) }
}

type Creation =
  | { readonly outcome: 'created'; readonly hasNewBadge?: true }
  | { readonly outcome: 'refused'; readonly reason: string }

async function createIt(
  deployment: Deployment,
  { check, isAlerting }: ForeignCheck,
  { destination: { project, channelIds }, at }: Pick<Task, 'destination' | 'at'>,
): Promise<Creation> {
  const made = {
    ...check,
    projectId: project.id,
    version: 0,
    createdAt: at,
    channelIds: isAlerting ? channelIds : [],
  }
  const outcome = await create(deployment, made, project)
  if (outcome === 'raced' && (await isBadgeTaken(deployment, check))) {
    // That the job is watched is worth more than the address of its badge.
    const again = await create(deployment, { ...made, badgeKey: random.uuid() }, project)
    return again === 'created' ? { outcome: again, hasNewBadge: true } : refusalOf(again, project)
  }
  return outcome === 'created' ? { outcome } : refusalOf(outcome, project)
}

/** Whether another check here has the same badge address already. */
async function isBadgeTaken(
  { registry }: Deployment,
  { id, badgeKey }: WantedCheck,
): Promise<boolean> {
  const owner = await registry.checkByBadgeKey(badgeKey)
  return owner !== undefined && owner.id !== id
}

function refusalOf(
  outcome: 'full' | 'raced',
  { checkLimit }: Project,
): Extract<Creation, { readonly outcome: 'refused' }> {
  return outcome === 'full'
    ? { outcome: 'refused', reason: `the project has ${checkLimit} checks already, its limit` }
    : { outcome: 'refused', reason: 'somebody else is creating it here; run this again' }
}

/** The fields that differ. Badge keys are not compared, because older servers don't give them. */
function differences(wanted: WantedCheck, there: WantedCheck): readonly string[] {
  const compared = [
    'name',
    'slug',
    'tags',
    'description',
    'schedule',
    'timeZone',
    'graceSeconds',
    'methods',
    'manualResume',
    'filters',
    'rules',
  ] as const
  return compared.filter((field) => !isDeepStrictEqual(wanted[field], there[field]))
}

const notTaken = [
  'integrations, which are made here as channels, and escalations to them',
  'the log of pings and flips',
  'the state: a check is new until its next ping',
]

function answerOf(
  outcomes: readonly ImportResult[],
  { project, channelIds }: Destination,
): CommandAnswer {
  const created = outcomes.filter((each) => each.outcome === 'created')
  const kept = outcomes.filter((each) => each.outcome === 'kept')
  const refused = outcomes.filter((each) => each.outcome === 'refused')
  const changed = kept.filter(({ differs }) => differs.length > 0)
  const withNewBadge = created.filter(({ hasNewBadge }) => hasNewBadge === true)
  const lines = [
    created.length === 0 && refused.length === 0
      ? `Nothing to do: all ${kept.length} checks are in the project "${project.name}" already.`
      : `${created.length} checks are created in the project "${project.name}", ${kept.length} were there already, ${refused.length} are left out.`,
    ...changed.map(
      ({ title, differs }) =>
        `  ${title} stays as it is here, which differs from there in: ${differs.join(', ')}`,
    ),
    ...withNewBadge.map(
      ({ title }) =>
        `  ${title} has a new badge: the address of that one belongs to another check here`,
    ),
    ...(created.length === 0
      ? []
      : [
          '',
          `Those that alert somebody there alert the ${channelIds.length} channels of the project here.`,
        ]),
    ...['', 'Not taken along:', ...notTaken.map((each) => `  - ${each}`)],
  ]
  const failure = {
    failure: `${refused.length} of ${outcomes.length} checks are left out, as told above`,
  }
  return {
    text: lines.join('\n'),
    json: { created, kept, refused, notTaken },
    ...(refused.length === 0 ? {} : failure),
  }
}
