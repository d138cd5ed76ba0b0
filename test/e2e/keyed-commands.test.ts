import { beforeEach, expect, it, vi } from 'vitest'
import { withKey } from '../support/keyed-command.ts'
import { aProject, base, type LocalProject } from '../support/stack.ts'

let project: LocalProject

beforeEach(async () => {
  project = await aProject()
  vi.stubEnv('OVERDUE_PING_KEY', project.pingKey)
})

async function overdue(...args: readonly string[]) {
  const run = await withKey({ url: base, apiKey: project.apiKey }, args)
  expect(run).toMatchObject({ status: 0, err: '' })
  return run.out
}

it('a check is made, pinged, snoozed, excused and deleted by the command alone', async () => {
  await overdue('check', 'add', 'Nightly', '--schedule', '1d', '--tags', 'prod')
  await overdue('ping', 'nightly', 'start')
  await overdue('ping', 'nightly', '3')
  const failed = await overdue('check', 'list', '--status', 'down')
  await overdue('ping', 'nightly')
  await overdue('snooze', 'nightly', '2h')
  await overdue('window', 'add', 'patch', '--schedule', '0 2 * * SUN', '--seconds', '2h')
  const shown = await overdue('check', 'show', 'nightly')
  const windows = await overdue('window', 'list')
  await overdue('check', 'delete', 'nightly', '--yes')

  expect(failed).toMatch(/^nightly +down /m)
  expect(shown).toMatch(/^The check "Nightly" \(nightly\) is up\.\n/)
  expect(shown).toMatch(/ snoozed until +20/)
  expect(windows).toMatch(/ 2 h +all +patch\n$/)
  expect(await overdue('check', 'list')).toMatch(/^No check yet/)
})
