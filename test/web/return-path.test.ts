import fc from 'fast-check'
import { expect, it } from 'vitest'
import { returnPath } from '../../lambdas/web/return-path.ts'

it.each(['/app/', '/app/p/1/c/2', '/app/p/1/?q=a%20b&status=down', '/app/account'])(
  'leads back to %s',
  (path) => {
    expect(returnPath(path)).toBe(path)
  },
)

it.each([
  '',
  '/',
  '/ping/1',
  '//evil.example/app/',
  'https://evil.example/app/',
  '/app/../ping/1',
  '/app/..//evil.example',
  '/app/%2e%2e/%2e%2e/evil',
  '/app/\\evil.example',
  '\\\\evil.example',
  '/app/\n/evil',
  '/app/ä',
  'javascript:alert(1)',
  '/app/sign-in',
  '/app/sign-out',
  '/app/confirm?to=/app/confirm',
  `/app/${'a'.repeat(1000)}`,
])('leads to the first page for %j', (path) => {
  expect(returnPath(path)).toBe('/app/')
})

it('leads nowhere but below the dashboard', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.string().map((rest) => `/app/${rest}`),
      ),
      (to) => {
        const url = new URL(returnPath(to), 'https://overdue.example.com')

        expect(url.origin).toBe('https://overdue.example.com')
        expect(url.pathname.startsWith('/app/')).toBe(true)
      },
    ),
  )
})
