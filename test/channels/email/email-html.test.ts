import { describe, expect, it } from 'vitest'
import { htmlOf } from '../../../lambdas/channels/email/email-html.ts'
import { messageOf } from '../../../lambdas/domain/telling/message.ts'
import { aCheck } from '../../support/builders.ts'
import { aLoggedPing, anAlert, aProject, deadline, downBy } from '../../support/alerts.ts'

describe('the HTML of a mail', () => {
  it('escapes everything that comes from outside', async () => {
    const evil = `<img src=x onerror="alert('1')">&amp;`
    const check = aCheck({
      name: `name ${evil}`,
      tags: `tags ${evil}`,
      description: `description ${evil}`,
    })
    const pings = [aLoggedPing({ userAgent: `agent ${evil}`, address: `address ${evil}` })]
    const lastBody = { pingNumber: 1, tail: `</pre>body ${evil}` }

    const html = await htmlOf(
      messageOf(
        anAlert({ check, project: aProject({ name: `project ${evil}` }), pings, lastBody }),
        deadline,
      ),
    )

    const escaped = '&lt;img src=x onerror=&quot;alert(&#39;1&#39;)&quot;&gt;&amp;amp;'
    for (const place of ['project', 'tags', 'description', 'address', 'body'])
      expect(html).toContain(`${place} ${escaped}`)
    expect(html.match(/<(img|script|a|link|iframe)\b/i)).toBeNull()
    expect(html.match(/<\/pre>/g)).toHaveLength(1)
  })

  it('lists what is several lines below one another', async () => {
    const among = [
      { at: deadline - 3_600_000, kind: 'missed' },
      { at: deadline, kind: 'failed' },
    ] as const
    const heartbeat = downBy({ kind: 'failed', among })

    const html = await htmlOf(messageOf(anAlert({ heartbeat }), deadline))

    expect(html).toContain(
      '<div>Thu 01 Jan 2026, 00:10 UTC: missed</div><div>Thu 01 Jan 2026, 01:10 UTC: failed</div>',
    )
  })

  it('links the page of the check, where there is a dashboard', async () => {
    const link = 'https://overdue.example.com/app/p/1/c/2'

    const html = await htmlOf(messageOf(anAlert({ link }), deadline))

    expect(html.match(/href="[^"]*"/g)).toEqual([`href="${link}"`])
  })

  it('loads and links nothing else', async () => {
    expect(await htmlOf(messageOf(anAlert(), deadline))).not.toMatch(/https?:|src=|href=|url\(/)
  })
})
