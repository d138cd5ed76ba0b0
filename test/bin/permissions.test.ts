import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { aCheck } from '../support/builders.ts'
import type { Asked } from '../support/aws.ts'
import { makeOperator, type Operator } from '../support/operator.ts'

const page = readFileSync(new URL('../../docs/operations.md', import.meta.url), 'utf8')

let operator: Operator
let id: string
beforeAll(async () => {
  operator = await makeOperator()
  id = (await operator.project()).project.id
  const check = aCheck({ projectId: id, managedBy: 'source' })
  await operator.registry.createCheck(check, { limit: 10 })
})
afterAll(() => operator.stop())

const [ana, bob] = ['ana@example.com', 'bob@example.com']

type Command = {
  readonly command: string
  /** Arguments, which name the project. */
  readonly runs: () => readonly (readonly string[])[]
}

/** In this order, as each needs what those before it have left. */
const commands: readonly Command[] = [
  {
    command: 'user add',
    runs: () => [
      [ana, '--role', 'owner'],
      [ana, '--role', 'owner', '--project', id],
      [bob, '--role', 'owner'],
    ],
  },
  { command: 'user list', runs: () => [[]] },
  {
    command: 'user role',
    runs: () => [
      [ana, '--role', 'member', '--project', id],
      [bob, '--role', 'member'],
      [bob, '--role', 'owner'],
    ],
  },
  { command: 'user remove', runs: () => [[ana, '--project', id], [bob]] },
  { command: 'source attach', runs: () => [[id, '--as', 'shop']] },
  { command: 'source detach', runs: () => [[id]] },
  { command: 'keys list', runs: () => [[]] },
  { command: 'keys add', runs: () => [[id, '--name', 'one']] },
  {
    command: 'keys rotate',
    runs: () => [
      [id, '--key', 'one'],
      [id, '--kind', 'ping'],
    ],
  },
  { command: 'keys revoke', runs: () => [[id, 'one']] },
]

it.each(commands)(
  '$command asks for the permissions that it is said to take',
  async ({ command, runs }) => {
    operator.asked.length = 0
    for (const args of runs()) {
      const { status, err } = await operator.run(...command.split(' '), ...args)
      expect({ status, err }).toEqual({ status: 0, err: '' })
    }

    const { Registry, Journal } = operator.engine.names
    expect([...new Set(operator.asked.flatMap(rightsIn))].sort()).toEqual(
      [
        ...rightsOn('Journal', command).map((right) => `${Journal} ${right}`),
        ...rightsOn('Registry', command).map((right) => `${Registry} ${right}`),
      ].sort(),
    )
  },
)

const parts = {
  Put: 'PutItem',
  Update: 'UpdateItem',
  Delete: 'DeleteItem',
  ConditionCheck: 'ConditionCheckItem',
}

/** Each table of a call, and the right on it that IAM asks for. */
function rightsIn({ call, body }: Asked): readonly string[] {
  const {
    TableName,
    RequestItems,
    TransactItems = [],
  } = JSON.parse(body) as {
    readonly TableName?: string
    readonly RequestItems?: object
    readonly TransactItems?: readonly Readonly<Record<keyof typeof parts, { TableName: string }>>[]
  }
  if (TableName !== undefined) return [`${TableName} ${call}`]
  if (RequestItems !== undefined) return Object.keys(RequestItems).map((name) => `${name} ${call}`)
  return TransactItems.flatMap((item) =>
    Object.entries(item).map(
      ([part, { TableName: name }]) => `${name} ${parts[part as keyof typeof parts]}`,
    ),
  )
}

/** What the page says that a command takes on a table. */
function rightsOn(table: 'Registry' | 'Journal', command: string): readonly string[] {
  const row = page.split('\n').find((line) => line.startsWith(`| \`${command}\` |`)) ?? ''
  const part = row.split(';').find((each) => each.includes(`on the ${table}`)) ?? ''
  return [...part.matchAll(/`([A-Z]\w+)`/g)].map(([, right]) => right ?? '')
}
