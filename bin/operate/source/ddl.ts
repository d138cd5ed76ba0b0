import { InvalidArgumentError } from 'commander'
import { viewColumns, sourceNames } from '../../../lambdas/domain/mirroring/view.ts'
import { mysqlParts } from './ddl-mysql.ts'
import type { DdlOptions, DdlParts } from './ddl-parts.ts'
import { postgresParts } from './ddl-postgres.ts'

/** Of a table or column: SQL is printed with it, which somebody runs. */
export function plainTable(name: string): string {
  if (/^[A-Za-z_][A-Za-z0-9_]{0,62}$/.test(name)) return name
  throw new InvalidArgumentError('It takes letters, digits and _, and no digit at first.')
}

/** SQL for a person to read, to adapt, and to run as the owner of the tables. */
export function ddlOf(options: DdlOptions): string {
  const parts = options.engine === 'mysql' ? mysqlParts(options) : postgresParts(options)
  return [
    remark([
      'What Overdue reads. Run it as the owner of your tables, in their database.',
      '',
      `The view has a row for each check. Only uuid, project, and timeout or schedule are needed.`,
      'Put your own columns, joins and conditions into it; leave out what you do not have: what',
      'the view has no column for stays as it is in Overdue.',
    ]),
    viewOf(options, parts),
    remark(['Triggers note here which rows have changed. Overdue deletes what it has taken.']),
    parts.changes,
    remark([
      'Each table that the view reads needs such triggers, which note the UUIDs it touches. Where rows',
      'change with each run of a job, have them look at the columns of the view only:',
      `  ${parts.narrower}`,
    ]),
    parts.triggers,
    remark([
      'What these triggers do not see:',
      ...parts.unseen.map((what) => `- ${what}`),
      'The comparison of all rows repairs that once a day, and overdue source now at once.',
    ]),
    remark(['What Overdue may do: read the view, and read and delete changes. Nothing else.']),
    parts.grants,
  ].join('\n\n')
}

function viewOf({ table, uuid, project }: DdlOptions, { quoted }: DdlParts): string {
  const rest = Object.keys(viewColumns).filter((name) => name !== 'uuid' && name !== 'project')
  return [
    `CREATE VIEW ${sourceNames.view} AS`,
    'SELECT',
    `  ${quoted(uuid)} AS ${quoted('uuid')},`,
    `  ${quoted(project)} AS ${quoted('project')},`,
    `  ${quoted('name')} AS ${quoted('name')},`,
    `  ${quoted('schedule')} AS ${quoted('schedule')}`,
    `  -- and as you have them: ${rest.filter((name) => name !== 'name' && name !== 'schedule').join(', ')}`,
    `FROM ${quoted(table)};`,
  ]
    .flatMap((line) => wrapped(line))
    .join('\n')
}

const LONGEST_LINE = 100

/** A long comment as several. */
function wrapped(line: string): readonly string[] {
  if (line.length <= LONGEST_LINE) return [line]
  const end = line.lastIndexOf(' ', LONGEST_LINE)
  return [line.slice(0, end), ...wrapped(`  --  ${line.slice(end)}`)]
}

function remark(lines: readonly string[]): string {
  return lines.map((line) => `-- ${line}`.trimEnd()).join('\n')
}
