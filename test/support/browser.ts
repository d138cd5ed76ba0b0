import { existsSync } from 'node:fs'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { expect } from 'vitest'

const executablePath = '/usr/bin/chromium'

/** Whether Debian's Chromium is installed, in which pages are tried. */
export const hasBrowser = existsSync(executablePath)

let started: Promise<Browser> | undefined

function browser(): Promise<Browser> {
  started ??= chromium.launch({
    executablePath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  })
  return started
}

export async function closeBrowser(): Promise<void> {
  await (await started)?.close()
  started = undefined
}

/** What a page has broken so far: violations of its policy, errors, requests to elsewhere. */
export type Watched = { readonly page: Page; readonly complaints: readonly string[] }

/** A page in a profile of its own. */
export async function openPage(options: BrowserContextOptions = {}): Promise<Watched> {
  const context = await (await browser()).newContext(options)
  const page = await context.newPage()
  page.setDefaultTimeout(20_000)
  const complaints: string[] = []
  page.on('pageerror', ({ message }) => complaints.push(message))
  page.on('console', (message) => {
    const isOfPolicy = /Content Security Policy|Trusted/i.test(message.text())
    if (isOfPolicy) complaints.push(message.text())
  })
  return { page, complaints }
}

/** Closes what `openPage` has opened. @throws when the page has broken something */
export async function closePage({ page, complaints }: Watched): Promise<void> {
  await page.context().close()
  expect(complaints).toEqual([])
}
