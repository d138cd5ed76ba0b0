import { describe, expect, it } from 'vitest'
import { readAnswer } from '../../../../lib/local/http/http-answer.ts'

const plain = 'HTTP/1.1 400 Bad Request\r\nContent-Type: x\r\nContent-Length: 5\r\n\r\nhello'
const chunked =
  'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\nhel\r\n2;x=y\r\nlo\r\n0\r\n\r\n'

describe('an answer', () => {
  it.each([
    ['of a length', plain, 400],
    ['in chunks', chunked, 200],
  ])('is read once all of it is there: %s', (_, text, status) => {
    const bytes = Buffer.from(text)

    expect(readAnswer(bytes)).toEqual({ status, body: Buffer.from('hello'), keepsAlive: true })
    for (let length = 0; length < bytes.length; length += 1) {
      const wanted = readAnswer(bytes.subarray(0, length))
      expect(wanted).toBeGreaterThan(length)
      expect(wanted).toBeLessThanOrEqual(bytes.length)
    }
  })

  it('may have no body', () => {
    expect(readAnswer(Buffer.from('HTTP/1.1 204 No Content\r\n\r\n'))).toMatchObject({
      status: 204,
      body: Buffer.alloc(0),
    })
  })

  it('may be the last of its connection', () => {
    const bytes = Buffer.from('HTTP/1.1 200 OK\r\nConnection: close\r\ncontent-length: 0\r\n\r\n')

    expect(readAnswer(bytes)).toMatchObject({ keepsAlive: false })
  })
})
