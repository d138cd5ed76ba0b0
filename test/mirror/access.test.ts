import { describe, expect, it, vi } from 'vitest'
import { accessBySecret, accessByUrl, accessToSource } from '../../lambdas/mirror/sql/access.ts'
import { statementsFor, knownColumns } from '../../lambdas/mirror/sql/statements.ts'

const secret = {
  engine: 'postgres',
  host: 'db.example.com',
  port: 5432,
  username: 'overdue',
  password: 'p@ss',
  dbname: 'app',
}

describe('the way into a database', () => {
  it('is a URL on a laptop', () => {
    expect(accessByUrl('mysql://overdue:p%40ss@127.0.0.1:13306/app')).toEqual({
      engine: 'mysql',
      place: {
        host: '127.0.0.1',
        port: 13306,
        user: 'overdue',
        password: 'p@ss',
        database: 'app',
        isProven: false,
        isToken: false,
      },
    })
    expect(accessByUrl('postgres://overdue:x@localhost/app').place.port).toBe(5432)
    expect(() => accessByUrl('https://example.com')).toThrow('begins with mysql:// or postgres://')
  })

  it('is a secret as RDS makes them, over TLS', () => {
    expect(accessBySecret(JSON.stringify(secret))).toMatchObject({
      engine: 'postgres',
      place: { host: 'db.example.com', password: 'p@ss', database: 'app', isProven: true },
    })
    expect(
      accessBySecret(JSON.stringify({ ...secret, engine: 'mariadb', port: '3307' })),
    ).toMatchObject({ engine: 'mysql', place: { port: 3307 } })
  })

  it.each(['x', '{}', JSON.stringify({ ...secret, engine: 'oracle-ee' })])(
    'is no other secret, which is not shown',
    (text) => {
      expect(() => accessBySecret(text)).toThrow(
        'the secret must have engine, host, username, password and dbname, as of RDS',
      )
    },
  )

  it('is the role of the function where the URL has no password, over TLS', async () => {
    vi.stubEnv('SOURCE_URL', 'mysql://overdue@db.example.com/app')

    const { place } = await accessToSource(0)

    expect(place).toMatchObject({ user: 'overdue', isProven: true, isToken: true })
    expect(place.password).toMatch(/^db\.example\.com:3306\/\?Action=connect&DBUser=overdue&/)
  })
})

describe('what is asked', () => {
  it('is for the viewColumns that both the view and Overdue know', () => {
    expect(knownColumns(['x', 'grace', 'project', 'uuid'])).toEqual(['uuid', 'project', 'grace'])
    expect(() => knownColumns(['uuid'])).toThrow('the view overdue_checks has no column project')
  })

  it('is spelled as the database has it', () => {
    expect(statementsFor('mysql').rows(['uuid', 'tz', 'grace'])).toBe(
      'SELECT `uuid`, LEFT(`tz`, 101) AS `tz`, `grace` FROM overdue_checks WHERE `uuid` IN (?)',
    )
    expect(statementsFor('postgres').nextPage(['uuid', 'rules'])).toBe(
      'SELECT "uuid", LEFT("rules"::text, 20001) AS "rules" FROM overdue_checks WHERE "uuid" > $1 ORDER BY "uuid" LIMIT $2',
    )
  })
})
