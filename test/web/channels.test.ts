import { afterAll, beforeAll, expect, it } from 'vitest'
import { makeTestWeb, type TestWeb } from '../support/web.ts'

let web: TestWeb

beforeAll(async () => {
  web = await makeTestWeb()
})
afterAll(() => web.stop())

it('shows where alerts go, and addresses to those only who may see them', async () => {
  const { project, channel } = await web.project()
  const path = `/app/p/${project.id}/channels`

  const member = await web.get(path, await web.person(project.id, 'member'))
  const reader = await web.get(path, await web.person(project.id, 'read-only'))

  expect(member.text).toContain(`E-mail ${channel.address}`)
  expect(member.text).toContain('never')
  expect(reader.status).toBe(200)
  expect(reader.text).toContain('E-mail')
  expect(reader.text).not.toContain(channel.address)
})
