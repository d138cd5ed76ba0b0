import { sourceNames } from '../../../lambdas/domain/mirroring/view.ts'
import type { DdlOptions, DdlParts } from './ddl-parts.ts'

/** For MySQL 8 and MariaDB. */
export function mysqlParts({ table, uuid, user }: DdlOptions): DdlParts {
  const { view, changes } = sourceNames
  const note = (value: string) => `INSERT INTO ${changes} (uuid) VALUES (${value})`
  const trigger = (event: string, body: string) =>
    `CREATE TRIGGER overdue_${table}_${event} AFTER ${event.toUpperCase()} ON ${quoted(table)}\nFOR EACH ROW ${body};`
  const [before, after] = [`OLD.${quoted(uuid)}`, `NEW.${quoted(uuid)}`]
  return {
    quoted,
    changes: `CREATE TABLE ${changes} (\n  id BIGINT UNSIGNED AUTO_INCREMENT PRIMARY KEY,\n  uuid VARCHAR(64) NOT NULL\n);`,
    triggers: [
      trigger('insert', note(after)),
      // One statement, so that no client needs another delimiter. UNION leaves out the second of
      // two that are equal.
      trigger('update', `INSERT INTO ${changes} (uuid) SELECT ${before} UNION SELECT ${after}`),
      trigger('delete', note(before)),
    ].join('\n\n'),
    narrower: `… SELECT ${after} FROM DUAL WHERE NOT (OLD.name <=> NEW.name AND …)`,
    unseen: [
      `cascades of foreign keys: delete such rows yourself, or INSERT INTO ${changes} (uuid) SELECT …`,
      'TRUNCATE: use DELETE',
      'a view whose rows come and go by the time, as with a condition on NOW()',
    ],
    grants: [
      `-- As RDS lets it in by IAM; elsewhere: CREATE USER '${user}'@'%' IDENTIFIED BY '…';`,
      `CREATE USER '${user}'@'%' IDENTIFIED WITH AWSAuthenticationPlugin AS 'RDS' REQUIRE SSL;`,
      `GRANT SELECT ON ${view} TO '${user}'@'%';`,
      `GRANT SELECT, DELETE ON ${changes} TO '${user}'@'%';`,
    ].join('\n'),
  }
}

function quoted(name: string): string {
  return `\`${name}\``
}
