import { expect, it } from 'vitest'
import { makeDatabaseToken } from '../../lambdas/aws/database-token.ts'

const scope = {
  host: 'db.abc.eu-west-1.rds.amazonaws.com',
  port: 3306,
  user: 'overdue',
  region: 'eu-west-1',
}

it('a token of a database is a signed request to connect, for one user and a quarter of an hour', async () => {
  const at = Date.UTC(2026, 0, 2, 3, 4, 5)
  const credentials = { accessKeyId: 'AKID', secretAccessKey: 'secret', sessionToken: 'a/b+c=' }

  const token = await makeDatabaseToken(scope, credentials, at)

  const url = new URL(`https://${token}`)
  expect(token.startsWith(`${scope.host}:3306/?`)).toBe(true)
  expect(Object.fromEntries(url.searchParams)).toEqual({
    Action: 'connect',
    DBUser: 'overdue',
    'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
    'X-Amz-Credential': 'AKID/20260102/eu-west-1/rds-db/aws4_request',
    'X-Amz-Date': '20260102T030405Z',
    'X-Amz-Expires': '900',
    'X-Amz-Security-Token': 'a/b+c=',
    'X-Amz-SignedHeaders': 'host',
    'X-Amz-Signature': expect.stringMatching(/^[0-9a-f]{64}$/) as string,
  })
})

it('a token of a database depends on the key', async () => {
  const tokenOf = (secretAccessKey: string) =>
    makeDatabaseToken(scope, { accessKeyId: 'AKID', secretAccessKey }, 0)

  expect(await tokenOf('secret')).toBe(await tokenOf('secret'))
  expect(await tokenOf('secret')).not.toBe(await tokenOf('another'))
})
