import { sourceNames } from '../../../lambdas/domain/mirroring/view.ts'
import type { DdlOptions, DdlParts } from './ddl-parts.ts'

/** For MySQL 8 and MariaDB. */
export function mysqlParts({ table, uuid, user }: DdlOptions): DdlParts {
  const { view, changes } = sourceNames
  const note = (value: string) => `INSERT INTO ${changes} (uuid) VALUES (${value})`
  const trigger = (event: string, body: string, name = event) =>
    `CREATE TRIGGER overdue_${table}_${name} AFTER ${event.toUpperCase()} ON ${quoted(table)}\nFOR EACH ROW ${body};`
  const [before, after] = [`OLD.${quoted(uuid)}`, `NEW.${quoted(uuid)}`]
  return {
    quoted,
    // It takes whatever a column with an index may have, NULL too: a trigger that fails makes the
    // write of the application fail.
    changes: `CREATE TABLE ${changes} (\n  id BIGINT UNSIGNED AUTO_INCREMENT PRIMARY KEY,\n  uuid VARCHAR(768) CHARACTER SET utf8mb4\n);`,
    // One statement each, so that no client needs another delimiter. INSERT … SELECT holds a lock
    // on the numbers of the table until the end of the application's statement
    // (innodb_autoinc_lock_mode = 1), which other writers run into: it does so for new UUIDs only.
    triggers: [
      trigger('insert', note(after)),
      trigger('update', note(after)),
      trigger(
        'update',
        `INSERT INTO ${changes} (uuid)\n  SELECT ${before} FROM DUAL WHERE NOT (${before} <=> ${after})`,
        'move',
      ),
      trigger('delete', note(before)),
    ].join('\n\n'),
    narrower: `IF NOT (OLD.name <=> NEW.name AND …) THEN ${note(after)}; END IF`,
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
