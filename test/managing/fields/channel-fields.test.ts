import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { fieldsOfAny } from '../../../lambdas/managing/fields/channel-fields.ts'

describe('fieldsOfAny', () => {
  it('asks for no field, and takes of a shared one what any kind takes', () => {
    const url = z.string().describe('Of kind one')
    const fields = z.object(fieldsOfAny([{ url, room: z.string() }, { url: z.url().max(9) }]))

    expect(z.toJSONSchema(fields)).toMatchObject({
      properties: {
        url: { anyOf: [{ type: 'string', description: 'Of kind one' }, { maxLength: 9 }] },
        room: { type: 'string' },
      },
    })
    expect(fields.safeParse({}).success).toBe(true)
  })
})
