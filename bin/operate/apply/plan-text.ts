import { type Difference, spelledText } from './spelling.ts'
import { type StepAction, changesOf, type ProjectPlan, type Step } from './steps.ts'

const signs: Readonly<Record<StepAction, string>> = {
  create: '+',
  change: '~',
  compare: '=',
  delete: '-',
}

/** A plan as a diff, one line for each thing that changes, and what else there is to know. */
export function projectPlanText(plan: ProjectPlan): string {
  const { stages, unchanged, left, silent } = plan
  const count = (...actions: readonly StepAction[]) =>
    stages.flat().filter(({ action }) => actions.includes(action)).length
  const same = unchanged + count('compare')
  return [
    ...stages.flat().map(stepText),
    ...(left.length === 0
      ? []
      : [`Made by this file before, and not in it any more: ${some(left)}; --prune deletes them.`]),
    ...(silent.length === 0
      ? []
      : [`Without channels, so that nobody is alerted: ${some(silent)}.`]),
    changesOf(plan).length === 0
      ? `Nothing to do${count('compare') > 0 ? ', unless a secret differs' : ''}: all ${same} are as the file wants them.`
      : `${count('create')} to create, ${count('change')} to change, ${count('delete')} to delete, ${same} as they are.`,
  ].join('\n')
}

/** The same for programs. */
export function projectPlanJson({ stages, unchanged, left, silent }: ProjectPlan): object {
  return {
    steps: stages.flat().map(({ action, thing, name, differences }) => ({
      action,
      thing,
      name,
      fields: Object.fromEntries(
        differences.map(({ field, from = null, to = null }) => [field, { from, to }]),
      ),
    })),
    unchanged,
    left,
    silent,
  }
}

function stepText({ action, thing, name, differences }: Step): string {
  const head = `${signs[action]} ${thing} ${spelledText(name)}`
  switch (action) {
    case 'create':
      return `${head}: ${differences.map(({ field, to }) => `${field} ${spelledText(to)}`).join(', ')}`
    case 'change':
      return `${head}: ${differences.map(changeText).join(', ')}`
    case 'compare':
      return `${head}: secret, compared when applied`
    case 'delete':
      return `${head}: no longer in the file`
  }
}

function changeText({ field, from, to }: Difference): string {
  return `${field} ${spelledText(from)} → ${spelledText(to)}`
}

const MOST_NAMED = 10

function some(names: readonly string[]): string {
  const more = names.length - MOST_NAMED
  return `${names.slice(0, MOST_NAMED).join(', ')}${more > 0 ? ` and ${more} more` : ''}`
}
