import { expect, it } from 'vitest'
import { browserInWords } from '../../../lambdas/domain/wire/browser.ts'

const apple = 'AppleWebKit/605.1.15 (KHTML, like Gecko)'

it.each([
  ['Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0', 'Firefox on Linux'],
  [
    `Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${apple} Chrome/150.0 Safari/537.36 Edg/150.0`,
    'Edge on Windows',
  ],
  [
    `Mozilla/5.0 (Linux; Android 15) ${apple} Chrome/150.0 Mobile Safari/537.36`,
    'Chrome on Android',
  ],
  [
    `Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) ${apple} Version/19.0 Safari/604.1`,
    'Safari on iOS',
  ],
  [
    `Mozilla/5.0 (Macintosh; Intel Mac OS X 15_0) ${apple} Version/19.0 Safari/605.1`,
    'Safari on macOS',
  ],
  ['Your account is locked: go to https://evil.example', 'an unknown browser'],
  ['', 'an unknown browser'],
])('names the browser of %j', (agent, words) => {
  expect(browserInWords(agent)).toBe(words)
})
