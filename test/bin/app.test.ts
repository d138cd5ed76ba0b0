import { spawnSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'

describe('the CDK app', () => {
  it.each([
    [
      { admin: 'you@example.com' },
      'overdue: the setting sender is missing; it takes an e-mail address, as in sender=you@example.com\n',
    ],
    [
      { sender: 'alerts@example.com', admin: 'you' },
      'overdue: the setting admin takes an e-mail address, got "you"\n',
    ],
  ])('ends with one line when the settings are %j', (context, line) => {
    const env = { ...process.env, CDK_CONTEXT_JSON: JSON.stringify(context) }

    const { status, stdout, stderr } = spawnSync(process.execPath, ['bin/app.ts'], {
      env,
      encoding: 'utf8',
    })

    expect([status, stdout, stderr]).toEqual([1, '', line])
  })
})
