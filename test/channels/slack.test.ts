import type { KnownBlock } from '@slack/types'
import { describe, expect, it } from 'vitest'
import { anAlert } from '../support/alerts.ts'
import { aCheck } from '../support/builders.ts'
import { aServiceChannel, payloadOf, told } from '../support/services.ts'

async function sent(fields: Parameters<typeof anAlert>[0]) {
  const { request } = await told(aServiceChannel('slack'), { alert: anAlert(fields) })
  return payloadOf(request) as { readonly text: string; readonly blocks: readonly KnownBlock[] }
}

describe('a message to Slack', () => {
  it('is the name and status, the sentence, the facts, the description and the body', async () => {
    const check = aCheck({ name: 'nightly <!channel>', description: 'see *the* runbook' })
    const { text, blocks } = await sent({ check, lastBody: { pingNumber: 3, tail: 'disk <full>' } })

    expect(text).toMatch(/^🔴 DOWN \| nightly &lt;!channel&gt;\nNo ping came/)
    expect(blocks.map(({ type }) => type)).toEqual([
      ...['header', 'section', 'section', 'section', 'section', 'rich_text'],
    ])
    expect(JSON.stringify(blocks)).toContain('nightly <!channel>')
    expect(JSON.stringify(blocks)).toContain('disk <full>')
    expect(JSON.stringify(blocks)).not.toContain('mrkdwn')
  })

  it('keeps within what Slack takes: the beginning of the body goes first', async () => {
    const tail = `${'x'.repeat(100_000)} the end`
    const { blocks } = await sent({ lastBody: { pingNumber: 3, tail } })

    expect(blocks.length).toBeLessThanOrEqual(50)
    for (const block of blocks) {
      if (block.type === 'header') expect(block.text.text.length).toBeLessThanOrEqual(150)
      if (block.type !== 'section') continue
      expect(block.text?.text.length ?? 0).toBeLessThanOrEqual(3000)
      expect(block.fields?.length ?? 0).toBeLessThanOrEqual(10)
    }
    expect(JSON.stringify(blocks).length).toBeLessThanOrEqual(12_000)
    expect(JSON.stringify(blocks)).toContain('the end')
  })

  it('keeps within it when its texts are escaped as well', async () => {
    const check = aCheck({ name: '&'.repeat(100), description: '&'.repeat(2000) })
    const { blocks } = await sent({ check })
    const texts = blocks.flatMap((block) => (block.type === 'section' ? (block.text ?? []) : []))

    expect(blocks.some(({ type }) => type === 'header')).toBe(false)
    expect(texts.some(({ text }) => text.startsWith('🔴 DOWN | &&&'))).toBe(true)
    for (const { text } of texts)
      expect(text.replaceAll('&', '&amp;').length).toBeLessThanOrEqual(3000)
  })
})
