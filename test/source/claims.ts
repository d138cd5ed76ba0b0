import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { groupsOf } from '../../lambdas/runtime/groups.ts'
import { accessByUrl, openSource } from '../../lambdas/mirror/sql/access.ts'
import { connectToMysql } from '../../lambdas/mirror/sql/mysql.ts'
import { connectToPostgres } from '../../lambdas/mirror/sql/postgres.ts'
import { statementsFor } from '../../lambdas/mirror/sql/statements.ts'
import { readRow } from '../../lambdas/mirror/row.ts'
import { sqlSource } from '../../lambdas/mirror/sql/sql-source.ts'
import type { CheckSource } from '../../lambdas/mirror/source.ts'
import { keepsTheContract } from './contract.ts'
import { insertion, type Job, listed, makeJobsTable, makeTasksTable } from './jobs-table.ts'
import { makeMirroring, type TestMirroring } from './mirroring.ts'
import type { Product } from './products.ts'
import { type Server, startServer } from './server.ts'

const MANY = 10_000

/** What is claimed of the mirror of a database, on a real server. */
export function claims(product: Product): void {
  const { engine } = product
  let server: Server
  let mirroring: TestMirroring
  const ends: (() => Promise<void>)[] = []

  beforeAll(async () => {
    server = await startServer(product)
    ends.push(() => server.stop())
    await makeJobsTable(server, engine)
    mirroring = await makeMirroring(server.url)
    ends.push(() => mirroring.stop())
  })
  afterAll(async () => {
    for (const end of ends) await end()
  })

  async function insert(jobs: readonly Partial<Job>[]): Promise<readonly string[]> {
    const { statement, uuids } = insertion(jobs.map((job) => ({ project: 'shop', ...job })))
    await server.ask(statement)
    return uuids
  }

  async function checkOf(uuid: string) {
    return mirroring.api.registry.check(mirroring.projectId, uuid)
  }

  async function noted(): Promise<number> {
    return (await server.ask('SELECT id FROM overdue_changes')).rows.length
  }

  describe('the source', () => {
    keepsTheContract(() => ({
      open: () => openSource(accessByUrl(server.url)),
      write: async (uuid, grace) => {
        const { rows } = await server.ask(`SELECT id FROM jobs WHERE id = '${uuid}'`)
        if (grace === undefined) await server.ask(`DELETE FROM jobs WHERE id = '${uuid}'`)
        else if (rows.length === 0) await insert([{ uuid, grace }])
        else await server.ask(`UPDATE jobs SET grace = ${grace} WHERE id = '${uuid}'`)
      },
    }))
  })

  describe('a few rows', () => {
    it('are checks that are pinged, changed, and unknown when they are gone', async () => {
      const [uuid = ''] = await insert([{ name: 'backup' }, {}])

      await mirroring.run()
      const first = await mirroring.api.ping(uuid)
      await server.ask(`UPDATE jobs SET grace = 60 WHERE id = '${uuid}'`)
      await mirroring.run()
      const changed = await checkOf(uuid)
      await server.ask(`DELETE FROM jobs WHERE id = '${uuid}'`)
      await mirroring.run()

      expect(first).toMatchObject({ number: 1 })
      expect(changed).toMatchObject({ name: 'backup', graceSeconds: 60, managedBy: 'source' })
      expect(await mirroring.api.ping(uuid)).toBe('missing')
      expect(await noted()).toBe(0)
    })

    it('that change their UUID are one check less, and one more', async () => {
      const [uuid = ''] = await insert([{ name: 'renamed' }])
      await mirroring.run()
      const other = '99999999-9999-4999-8999-999999999999'

      await server.ask(`UPDATE jobs SET id = '${other}' WHERE id = '${uuid}'`)

      expect(await mirroring.run()).toMatchObject({ missing: 1, orphaned: 1 })
      expect(await checkOf(other)).toMatchObject({ name: 'renamed' })
    })

    it('that are rolled back were never there', async () => {
      const { statement, uuids } = insertion([{ project: 'shop' }])
      const writer = await server.connect()
      await writer.ask('BEGIN', [])
      await writer.ask(statement, [])
      const during = await mirroring.run()
      await writer.ask('ROLLBACK', [])
      await writer.end()

      expect(during).toMatchObject({ changes: 0, missing: 0 })
      expect(await mirroring.run({ compare: true })).toMatchObject({ changes: 0, missing: 0 })
      expect(await checkOf(uuids[0] ?? '')).toBeUndefined()
    })

    it('are written as before where their UUID is none, and noted once they have one', async () => {
      const writer = await server.connect()
      await makeTasksTable(writer, engine)
      const uuid = '88888888-8888-4888-8888-888888888888'
      const notedAfter = async (statement: string) => {
        await writer.ask('DELETE FROM overdue_changes', [])
        await writer.ask(statement, [])
        const source = await sqlSource(writer, engine)
        return (await source.changes(undefined, 10)).flatMap(({ uuid: noted = [] }) => noted)
      }

      await writer.ask(`INSERT INTO tasks (id, uuid) VALUES (1, NULL)`, [])
      await writer.ask(`INSERT INTO tasks (id, uuid) VALUES (2, '${'ä'.repeat(300)}')`, [])

      expect(await notedAfter("UPDATE tasks SET name = 'other' WHERE id = 1")).toEqual([])
      expect(await notedAfter(`UPDATE tasks SET uuid = '${uuid}' WHERE id = 1`)).toEqual([uuid])
      expect(await notedAfter("UPDATE tasks SET name = 'new' WHERE id = 1")).toEqual([uuid])
      expect(await notedAfter('UPDATE tasks SET uuid = NULL WHERE id = 1')).toEqual([uuid])
      expect(await notedAfter('DELETE FROM tasks WHERE id = 1')).toEqual([])
      await writer.end()
    })

    it('are written by several at a time, none of whom waits for the numbers of changes', async () => {
      const [one = '', two = '', three = ''] = [...(await insert([{}, {}, {}]))].sort()
      const named = (...uuids: readonly string[]) =>
        `UPDATE jobs SET name = 'several' WHERE id IN ${listed(uuids)}`
      const [slow, quick] = [await server.connect(), await server.connect()]
      await slow.ask('BEGIN', [])
      await slow.ask(named(two), [])
      // It has written the first, and waits for the second.
      const waiting = quick.ask(named(one, two), [])
      await new Promise((resolve) => setTimeout(resolve, 300))

      await slow.ask(named(three), [])

      await slow.ask('COMMIT', [])
      await waiting
      await Promise.all([slow.end(), quick.end()])
      expect(await mirroring.run()).toMatchObject({ missing: 3 })
    })

    it('of two writers are all taken, in whichever order they commit', async () => {
      const [one, other] = [insertion([{ project: 'shop' }]), insertion([{ project: 'shop' }])]
      const [slow, quick] = [await server.connect(), await server.connect()]
      await slow.ask('BEGIN', [])
      await slow.ask(one.statement, [])
      // Its change has a later number, and is there first.
      await quick.ask(other.statement, [])
      const first = await mirroring.run()
      await slow.ask('COMMIT', [])
      const second = await mirroring.run()
      await Promise.all([slow.end(), quick.end()])

      expect([first.missing, second.missing]).toEqual([1, 1])
      expect(await checkOf(one.uuids[0] ?? '')).toBeDefined()
    })

    it('of a writer who takes long keep no change of others from being forgotten', async () => {
      await mirroring.run()
      const writer = await server.connect()
      await writer.ask('BEGIN', [])
      await writer.ask(insertion([{ project: 'shop' }]).statement, [])
      await insert([{}, {}, {}])
      const ended = setTimeout(() => void writer.ask('COMMIT', []), 5000)

      const beganAt = performance.now()
      const report = await mirroring.run()

      clearTimeout(ended)
      expect(report).toMatchObject({ changes: 3, missing: 3 })
      expect(performance.now() - beganAt).toBeLessThan(4000)
      await writer.ask('ROLLBACK', [])
      await writer.end()
    })

    it.skipIf(engine === 'postgres')(
      'are taken by a server where nothing is committed unless that is said',
      async () => {
        await server.ask('SET GLOBAL autocommit = 0')
        await insert([{}])

        const report = await mirroring.run()

        await server.ask('SET GLOBAL autocommit = 1')
        expect(report).toMatchObject({ changes: 1, missing: 1 })
        expect(await noted()).toBe(0)
      },
    )

    it('that can’t be taken are named, and others are taken', async () => {
      const [bad = '', good = ''] = await insert([{ schedule: '61 * * * *' }, {}])

      const report = await mirroring.run()

      expect(report).toMatchObject({ missing: 1, faults: 1 })
      expect(await mirroring.deps.faults.all()).toMatchObject([
        {
          row: bad,
          project: 'shop',
          words: 'schedule is not a valid cron or OnCalendar expression',
        },
      ])
      expect(await checkOf(good)).toBeDefined()
      await server.ask(`DELETE FROM jobs WHERE id = '${bad}'`)
      expect(await mirroring.run()).toMatchObject({ faults: 0 })
    })

    it('are taken once by two mirrors at the same time', async () => {
      await insert(Array.from({ length: 60 }, () => ({})))

      const reports = await Promise.all([mirroring.run(), mirroring.run()])

      expect(reports.reduce((sum, { missing }) => sum + missing, 0)).toBe(60)
      expect(await noted()).toBe(0)
    })
  })

  describe('columns of any size and type', () => {
    it('are read as far as shows that they are too long, and rules as what they are', async () => {
      const isMysql = engine === 'mysql'
      const connection = await server.connect()
      await connection.ask('CREATE SCHEMA wide', [])
      await connection.ask(isMysql ? 'USE wide' : 'SET search_path TO wide', [])
      await connection.ask(
        `CREATE TABLE overdue_checks (uuid VARCHAR(36) PRIMARY KEY, project INT, timeout BIGINT,
           description ${isMysql ? 'LONGTEXT' : 'TEXT'}, rules ${isMysql ? 'JSON' : 'JSONB'},
           manual_resume ${isMysql ? 'BIT(1)' : 'BOOLEAN'}, tz CHAR(40), channels TEXT)`,
        [],
      )
      const uuids = [1, 2, 3].map((digit) => `${digit}`.repeat(8) + '-1111-4111-8111-111111111111')
      const yes = isMysql ? "b'1'" : 'true'
      await connection.ask(
        `INSERT INTO overdue_checks VALUES
           ('${uuids[0]}', 17, 3600, REPEAT('ä', 1000000), NULL, ${yes}, 'UTC', '*'),
           ('${uuids[1]}', 17, 3600, '', '{"${'x'.repeat(500_000)}": 1}', ${yes}, 'UTC', '*'),
           ('${uuids[2]}', 17, 3600, 'ä', '{"repeat": 3600}', ${yes}, 'Europe/Berlin', NULL)`,
        [],
      )

      const source = await sqlSource(connection, engine)
      const [first = {}, second = {}, third = {}] = await source.page(undefined, 10)
      const again = await source.rows(uuids.slice(2))
      await source.end()

      expect(JSON.stringify([first, second]).length).toBeLessThan(40_000)
      expect(() => readRow(first)).toThrow('desc is too long')
      expect(() => readRow(second)).toThrow('rules is too long')
      expect(again).toEqual([third])
      expect(readRow(third)).toMatchObject({
        project: '17',
        change: {
          description: 'ä',
          rules: { repeatSeconds: 3600 },
          timeZone: 'Europe/Berlin',
          manualResume: true,
        },
      })
    })

    it('are asked for by values with whatever signs', async () => {
      if (engine === 'mysql')
        await server.ask("SET GLOBAL sql_mode = CONCAT(@@sql_mode, ',NO_BACKSLASH_ESCAPES')")
      const source = await openSource(accessByUrl(server.url))
      const sign = String.raw`\' OR 1 = 1 OR '' = '`

      const rows = engine === 'mysql' ? await source.page(sign, 10) : await source.rows([])

      expect(rows.every((row) => String(row['uuid']) > sign)).toBe(true)
      await source.end()
    })
  })

  describe('a server that dies', () => {
    it('fails the run, and loses nothing once it is back', async () => {
      const uuids = await insert(Array.from({ length: 10 }, () => ({ name: 'before the end' })))
      const dying = async (): Promise<CheckSource> => {
        const source = await openSource(accessByUrl(server.url))
        return {
          ...source,
          forget: async (ids) => {
            await server.kill()
            return source.forget(ids)
          },
        }
      }

      await expect(mirroring.run({}, { openSource: dying })).rejects.toThrow()
      await expect(mirroring.run()).rejects.toThrow()
      const pinged = await mirroring.api.ping(uuids[0] ?? '')
      await server.start()
      const report = await mirroring.run()

      expect(pinged).toMatchObject({ number: 1 })
      expect(report).toMatchObject({ changes: 10, missing: 0, stale: 0 })
      expect(await checkOf(uuids[9] ?? '')).toMatchObject({ version: 1 })
    })
  })

  describe('the user of the application', () => {
    it.skipIf(engine === 'mysql')('gets no rights by what triggers do', async () => {
      const connection = await server.connect()
      for (const statement of [
        'CREATE TABLE vault (secret TEXT)',
        "INSERT INTO vault VALUES ('secret')",
        'CREATE ROLE application',
        'GRANT INSERT ON jobs TO application',
        'SET ROLE application',
        'CREATE TEMP TABLE overdue_changes (uuid TEXT)',
        'CREATE TEMP TABLE loot (secret TEXT)',
        'GRANT ALL ON overdue_changes, loot TO PUBLIC',
        `CREATE FUNCTION pg_temp.steal() RETURNS TRIGGER LANGUAGE plpgsql AS $$ BEGIN
           INSERT INTO pg_temp.loot SELECT secret FROM public.vault; RETURN NULL; END $$`,
        `CREATE TRIGGER steal AFTER INSERT ON pg_temp.overdue_changes
           FOR EACH ROW EXECUTE FUNCTION pg_temp.steal()`,
      ])
        await connection.ask(statement, [])

      await connection.ask(insertion([{ project: 'shop' }]).statement, [])

      expect((await connection.ask('SELECT secret FROM pg_temp.loot', [])).rows).toEqual([])
      await connection.end()
      expect(await mirroring.run()).toMatchObject({ missing: 1 })
    })
  })

  describe('the user of the mirror', () => {
    it('can change no row, and read no table but the changes', async () => {
      const { place } = accessByUrl(server.url)
      const connection = await (engine === 'mysql' ? connectToMysql : connectToPostgres)(place)

      for (const statement of [
        'DELETE FROM jobs',
        'SELECT id FROM jobs',
        'DELETE FROM overdue_checks',
        "INSERT INTO overdue_changes (uuid) VALUES ('x')",
      ])
        await expect(connection.ask(statement, [])).rejects.toThrow(/denied/)
      await connection.end()
    })

    it('says no password to a server that does not prove which one it is', async () => {
      const access = accessByUrl(server.url)
      const proven = { ...access, place: { ...access.place, isProven: true } }

      await expect(openSource(proven)).rejects.toThrow(/certificate|SSL|secure connection/)
    })
  })

  describe(`${MANY} rows`, () => {
    let uuids: readonly string[]

    beforeAll(async () => {
      const made = []
      for (const some of groupsOf(
        Array.from({ length: MANY - 200 }, () => ({})),
        1000,
      ))
        made.push(await insert(some))
      uuids = made.flat()
      // As of a table that was there before the triggers.
      await server.ask('DELETE FROM overdue_changes')
    })

    it('are mirrored by a comparison, and the next one writes nothing', async () => {
      const { comparison } = await mirroring.run({ compare: true })
      const again = await mirroring.run({ compare: true })

      expect(comparison?.missing).toBe(uuids.length)
      expect(again.comparison).toMatchObject({ missing: 0, stale: 0, orphaned: 0 })
      expect(mirroring.written()).toEqual([])
    })

    it('of which a hundred change are a hundred writes, and none without a change', async () => {
      const some = uuids.slice(0, 100)
      const change = `UPDATE jobs SET name = 'changed' WHERE id IN ${listed(some)}`
      await server.ask(change)
      await server.ask(change)

      await mirroring.run()

      expect(mirroring.written().sort()).toEqual(some.map((uuid) => `check-updated ${uuid}`).sort())
      await server.ask(change)
      await mirroring.run()
      expect(mirroring.written()).toEqual([])
    })

    it('are found by indexes alone', async () => {
      const { rows, nextPage, changes, forget } = statementsFor(engine)
      const columns = ['uuid', 'project', 'name'] as const
      await insert(Array.from({ length: 500 }, () => ({})))
      await server.ask(engine === 'mysql' ? 'ANALYZE TABLE jobs, overdue_changes' : 'ANALYZE')

      // Of five hundred among ten thousand a database may well find that a scan costs less.
      expect(await findsByIndex(rows(columns), [uuids.slice(0, 20)])).toBe(true)
      expect(await findsByIndex(nextPage(columns), [uuids[0] ?? '', 20])).toBe(true)
      expect(await findsByIndex(changes, [0, 20])).toBe(true)
      expect(await findsByIndex(...forget(['1', '2', '3']))).toBe(true)
      await mirroring.run()
    })

    async function findsByIndex(
      statement: string,
      values: Parameters<Server['ask']>[1],
    ): Promise<boolean> {
      const plan = JSON.stringify((await server.ask(`EXPLAIN ${statement}`, values)).rows)
      return engine === 'mysql'
        ? plan.includes('"key":"PRIMARY"') && !/"table":"[^<"]*","type":"ALL"/.test(plan)
        : plan.includes('Index') && !plan.includes('Seq Scan')
    }

    it('of which most are gone stay checks, until somebody says that it is meant', async () => {
      const going = uuids.slice(0, 30)
      await server.ask(`DELETE FROM jobs WHERE id IN ${listed(going)}`)
      expect(await mirroring.run()).toMatchObject({ orphaned: 30, held: 0 })
      await server.ask(`DELETE FROM jobs WHERE id NOT IN ${listed(uuids.slice(-300))}`)
      await server.ask('DELETE FROM overdue_changes')

      const report = await mirroring.run({ compare: true })

      expect(report).toMatchObject({ orphaned: 0, held: 1 })
      expect(report.kept).toBeGreaterThan(MANY / 2)
      expect(await mirroring.deps.holds.all()).toMatchObject([{ why: 'most-gone' }])
    })
  })
}
