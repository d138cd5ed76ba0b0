import { readFile } from 'node:fs/promises'
import { text } from 'node:stream/consumers'
import { Option } from 'commander'
import type { Entries, Question } from '../../../lambdas/channels/form.ts'
import type { Terminal } from '../command-answer.ts'

export type Given = Readonly<Record<string, unknown>>

/**
 * The options that give what a question asks for. A secret may come from a file: others see
 * arguments.
 */
export function optionsOf(question: Question): readonly Option[] {
  const { help, example, isSecret } = question
  const value = new Option(
    `${flagOf(question)} <text>`,
    `${help}; for example ${String(example)}`,
  ).argParser(nextLine)
  if (!isSecret) return [value]
  const file = new Option(
    `${flagOf(question)}-file <file>`,
    'the same, from a file that others may not see, as they see arguments; - reads standard input',
  )
  return [value, file.conflicts(value.attributeName())]
}

/** An option that is given again goes on in the next line. */
function nextLine(text: string, before: string | undefined): string {
  return before === undefined ? text : `${before}\n${text}`
}

/** What people enter: by options, or asked on a terminal. */
export async function readEntries(
  questions: readonly Question[],
  given: Given,
  terminal: Terminal,
): Promise<Entries> {
  const fromInput = questions.filter((question) => optionValues(question, given)[1] === '-')
  if (fromInput.length > 1)
    throw new Error(
      `standard input gives one field, not ${fromInput.map(({ field }) => field).join(' and ')}`,
    )
  const entries: Record<string, string> = {}
  for (const question of questions) {
    const entry = (await givenEntry(question, given)) ?? (await asked(question, terminal))
    if (entry !== undefined) entries[question.field] = entry
  }
  return entries
}

/** The options of what is needed and was not entered. */
export function missingFrom(entries: Entries, questions: readonly Question[]): readonly string[] {
  return questions
    .filter(({ field, isNeeded }) => isNeeded && entries[field] === undefined)
    .map(flagOf)
}

function flagOf({ field }: Pick<Question, 'field'>): string {
  return `--${field.replaceAll('_', '-')}`
}

/** The text itself, and the file that it is in. */
function optionValues(question: Question, given: Given): readonly unknown[] {
  return optionsOf(question).map((option) => given[option.attributeName()])
}

async function givenEntry(question: Question, given: Given): Promise<string | undefined> {
  const [value, file] = optionValues(question, given)
  if (typeof file === 'string') return (await read(file)).replace(/\r?\n$/, '')
  return typeof value === 'string' ? value : undefined
}

async function read(file: string): Promise<string> {
  return file === '-' ? text(process.stdin) : readFile(file, 'utf8')
}

async function asked(
  { field, help, example, isNeeded, isSecret }: Question,
  { ask }: Terminal,
): Promise<string | undefined> {
  const remarks = [
    ...(isSecret ? ['it is not shown as you type'] : []),
    ...(isNeeded ? [] : ['Enter leaves it out']),
  ]
  const remark = remarks.length === 0 ? '' : ` (${remarks.join('; ')})`
  const prompt = `${field}: ${help}; for example ${String(example)}${remark}\n> `
  const entry = (await ask?.(prompt, { isHidden: isSecret }))?.trim()
  return entry === '' ? undefined : entry
}
