import { afterAll, describe, expect, it } from 'vitest'
import { uniqueKeyOf } from '../../../lambdas/domain/watching/check.ts'
import { closeBrowser, closePage, hasBrowser, openPage } from '../../support/browser.ts'
import { aPerson, signIn } from '../../support/people.ts'
import { base, createCheck, type LocalProject, ping, request } from '../../support/stack.ts'

afterAll(closeBrowser)

async function aProjectWithId() {
  const answer = await request('POST', '/_local/projects', { json: { name: 'Pages' } })
  return answer.json as LocalProject & { readonly id: string }
}

describe.skipIf(!hasBrowser)('a page that stays open', () => {
  it('turns from waiting to up when the first ping comes', async () => {
    const project = await aProjectWithId()
    const check = await createCheck(project, { name: 'fresh' })
    const opened = await openPage()
    const { page } = opened
    await signIn(page.context(), await aPerson(project.id))
    await page.clock.install()
    await page.goto(`${base}/app/p/${project.id}/c/${uniqueKeyOf(check.uuid)}`)
    const state = page.locator('[data-row]').first()
    expect(await state.getAttribute('data-status')).toBe('new')

    await ping(check.ping_url)
    await page.clock.runFor(3000)

    await expect.poll(() => state.getAttribute('data-status')).toBe('up')
    await closePage(opened)
  })
})
