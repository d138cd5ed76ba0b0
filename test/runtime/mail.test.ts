import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { contentOf } from '../../lambdas/runtime/mail.ts'

const bytes = (text: string) => Buffer.from(text.replaceAll('\n', '\r\n'), 'latin1')

describe('the content of a mail', () => {
  it.each([
    ['a plain subject', 'Subject: nightly backup', 'nightly backup'],
    [
      'an encoded subject',
      'Subject: =?utf-8?B?U8SrxKdhcw==?= =?iso-8859-1?Q?_=FCber?=',
      'Sīħas über',
    ],
    [
      'a letter cut in two between words, as Q',
      'Subject: =?utf-8?q?caf=C3?=\n =?utf-8?Q?=A9?= ok',
      'café ok',
    ],
    [
      'a letter cut in two between words, as B, with padding',
      'Subject: =?UTF-8?B?Y2Fmww==?= =?utf-8?b?qQ==?=',
      'café',
    ],
    [
      'a letter cut in two between words of two encodings',
      'Subject: =?utf-8?B?Y2Fmww==?= =?utf-8?Q?=A9?=',
      'café',
    ],
    [
      'words of a charset that the platform does not know',
      'Subject: =?cp850?Q?f=84hig?= =?x-nobody?Q?=E4?=',
      'fähigä',
    ],
    ['a folded subject', 'Subject: one\n two', 'one two'],
    ['no subject', 'From: x@example.com', ''],
  ])('has %s', async (_, headers, subject) => {
    expect(await contentOf(bytes(`${headers}\n\nbody\n`))).toMatchObject({
      subject,
      plain: 'body\n',
    })
  })

  it.each([
    ['quoted-printable', 'quoted-printable', 'SUC=\nCESS =E2=9C=93'],
    ['base64', 'base64', 'U1VDQ0VTUyDinJM='],
  ])('has text that came as %s', async (_, encoding, text) => {
    const raw = bytes(
      `Subject: x\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: ${encoding}\n\n${text}`,
    )

    expect((await contentOf(raw))?.plain.trim()).toBe('SUCCESS ✓')
  })

  it('has text in the character set that it names', async () => {
    const raw = bytes('Subject: x\nContent-Type: text/plain; charset=iso-8859-1\n\nf\xe4hig')

    expect((await contentOf(raw))?.plain.trim()).toBe('fähig')
  })

  it.each([
    ['cp850', Buffer.from('f\x84hig', 'latin1')],
    ['"CP850"', Buffer.from('f\x84hig', 'latin1')],
    ['utf-7', Buffer.from('f+AOQ-hig')],
    ['macintosh', Buffer.from('f\x8ahig', 'latin1')],
    ['us-ascii', Buffer.from('\uFEFFfähig', 'utf16le')],
    ['utf-16', Buffer.from('\uFEFFfähig', 'utf16le').swap16()],
    ['utf-8', Buffer.from('\uFEFFfähig')],
  ])('has text in %s, whatever the platform knows and the label says', async (charset, text) => {
    const head = `Subject: x\nContent-Type: text/plain; charset=${charset}\nContent-Transfer-Encoding: base64\n\n`
    const content = await contentOf(bytes(`${head}${text.toString('base64')}`))

    expect(content?.plain).toBe('fähig')
  })

  it('has HTML in its character set', async () => {
    const raw = bytes('Subject: x\nContent-Type: text/html; charset=cp850\n\n<b>f\x84hig</b>')

    expect((await contentOf(raw))?.html.trim()).toBe('<b>fähig</b>')
  })

  it('has the plain text and the HTML of a mail that brings both, and neither attachments nor forwarded messages', async () => {
    const part = (type: string, text: string) => `--b\nContent-Type: ${type}\n\n${text}\n`
    const alternatives = `${part('text/plain', 'plain words')}${part('text/html', '<p>html words</p>')}`
    const others = `${part('message/rfc822', 'Subject: old\n\nforwarded')}${part('text/plain\nContent-Disposition: attachment', 'attached')}`
    const raw = bytes(
      `Subject: x\nContent-Type: multipart/mixed; boundary=b\n\n${alternatives}${others}--b--\n`,
    )

    const content = await contentOf(raw)

    expect(content?.plain).toContain('plain words')
    expect(content?.html).toContain('<p>html words</p>')
    expect(JSON.stringify(content)).not.toMatch(/forwarded|attached|old/)
  })

  it('is unknown where parts are nested without end', async () => {
    const nested = Array.from(
      { length: 300 },
      (_, depth) => `--b${depth}\nContent-Type: multipart/mixed; boundary=b${depth + 1}\n\n`,
    )

    expect(
      await contentOf(bytes(`Content-Type: multipart/mixed; boundary=b0\n\n${nested.join('')}`)),
    ).toBeUndefined()
  })

  it('is read for any bytes', async () => {
    const words = [
      'Subject:',
      'Content-Type:',
      'multipart/mixed; boundary=b',
      '\n',
      '\n\n',
      '--b',
      '--b--',
      '=?utf-8?q?',
      '?=',
      '\x00',
      '\xff',
      'text/html',
      '; charset=utf-7',
      'Content-Type: text/plain; charset=',
      '=?cp850?b?',
    ]
    const text = fc.array(fc.oneof(fc.constantFrom(...words), fc.string({ unit: 'binary' })), {
      maxLength: 40,
    })
    await fc.assert(
      fc.asyncProperty(text, async (parts) => {
        expect(await contentOf(Buffer.from(parts.join(''), 'latin1'))).toMatchObject({
          subject: expect.any(String) as string,
        })
      }),
    )
  })

  it('of a mail of nothing but lines is read as far as is good for a function', async () => {
    const startedAt = performance.now()

    const content = await contentOf(Buffer.from(`Subject: OK\n\n${'\n'.repeat(5_000_000)}`))

    expect(content?.subject).toBe('OK')
    expect(performance.now() - startedAt).toBeLessThan(20_000)
  })
})
