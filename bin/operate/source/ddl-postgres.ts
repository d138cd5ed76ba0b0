import { sourceNames } from '../../../lambdas/domain/mirroring/view.ts'
import type { DdlOptions, DdlParts } from './ddl-parts.ts'

export function postgresParts({ table, uuid, user }: DdlOptions): DdlParts {
  const { view, changes } = sourceNames
  const name = `overdue_note_${table}`
  const note = (row: 'OLD' | 'NEW') =>
    `    INSERT INTO ${changes} (uuid) VALUES (${row}.${quoted(uuid)}::text);`
  const has = (row: 'OLD' | 'NEW') => `${row}.${quoted(uuid)} IS NOT NULL`
  const isMoved = `NEW.${quoted(uuid)} IS DISTINCT FROM OLD.${quoted(uuid)}`
  return {
    quoted,
    changes: `CREATE TABLE ${changes} (\n  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,\n  uuid text NOT NULL\n);`,
    triggers: [
      '-- It writes with the rights of its owner: your application needs none on the changes.',
      `CREATE FUNCTION ${name}() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER`,
      'AS $$',
      'BEGIN',
      `  IF TG_OP <> 'INSERT' AND ${has('OLD')} THEN`,
      note('OLD'),
      '  END IF;',
      `  IF (TG_OP = 'INSERT' OR TG_OP = 'UPDATE' AND ${isMoved})`,
      `     AND ${has('NEW')} THEN`,
      note('NEW'),
      '  END IF;',
      '  RETURN NULL;',
      'END $$;',
      '',
      '-- Temporary tables come last: none of another user may stand in for the changes.',
      `DO $$ BEGIN EXECUTE 'ALTER FUNCTION ${name}() SET search_path = '`,
      `  || current_setting('search_path') || ', pg_temp'; END $$;`,
      '',
      `CREATE TRIGGER ${name} AFTER INSERT OR UPDATE OR DELETE ON ${quoted(table)}`,
      `FOR EACH ROW EXECUTE FUNCTION ${name}();`,
    ].join('\n'),
    narrower: `AFTER INSERT OR DELETE OR UPDATE OF ${quoted(uuid)}, name, … ON ${quoted(table)}`,
    unseen: [
      'TRUNCATE: use DELETE',
      'what is written with session_replication_role = replica, as by some restores',
      'a view whose rows come and go by the time, as with a condition on now()',
    ],
    grants: [
      `CREATE USER ${quoted(user)};`,
      `-- As RDS lets it in by IAM; elsewhere: ALTER USER ${quoted(user)} PASSWORD '…';`,
      `GRANT rds_iam TO ${quoted(user)};`,
      `GRANT SELECT ON ${view} TO ${quoted(user)};`,
      `GRANT SELECT, DELETE ON ${changes} TO ${quoted(user)};`,
    ].join('\n'),
  }
}

function quoted(name: string): string {
  return `"${name}"`
}
