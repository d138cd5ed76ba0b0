import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { chromium, type Page } from 'playwright-core'
import { type LocalStack, withLocalStack } from './local-stack.ts'

/*
 * Makes the pictures of the README: a list and a check of a local stack, with some days behind
 * them.
 */
const folder = join(import.meta.dirname, '../docs/images')
const HOUR_SECONDS = 3600
const DAYS = 12

type Job = { readonly name: string; readonly tags: string; readonly fields: object }
type Made = Job & { readonly ping: string }

const jobs: readonly Job[] = [
  job('db01 backup', 'prod backup', { schedule: '30 3 * * *', tz: 'Europe/Riga', grace: 1800 }),
  job('db02 backup', 'prod backup', { schedule: '45 3 * * *', tz: 'Europe/Riga', grace: 1800 }),
  job('restore test', 'nightly', { timeout: 86_400, grace: 3600 }),
  job('mail queue', 'mail', { timeout: 3600, grace: 900 }),
  job('billing export', 'billing', { schedule: 'Mon..Fri 06:00', tz: 'UTC', grace: 3600 }),
  job('certificates', 'web', { timeout: 43_200, grace: 3600 }),
  job('vacuum', 'prod db', { timeout: 7200, grace: 1800 }),
]

await withLocalStack(async (stack) => {
  const { project } = (await stack.control('GET', '/ready')) as {
    readonly project: { readonly apiKey: string }
  }
  const made = await Promise.all(jobs.map((each) => make(stack, project.apiKey, each)))
  for (let hour = 0; hour < DAYS * 24; hour += 1) await passHour(stack, made, hour)
  await takePictures(stack)
})

function job(name: string, tags: string, fields: object): Job {
  return { name, tags, fields }
}

async function make(stack: LocalStack, apiKey: string, wanted: Job): Promise<Made> {
  const { name, tags, fields } = wanted
  const response = await fetch(`${stack.base}/api/v3/checks/`, {
    method: 'POST',
    headers: { 'X-Api-Key': apiKey },
    body: JSON.stringify({ name, tags, channels: '*', ...fields }),
  })
  const { ping_url: ping } = (await response.json()) as { readonly ping_url: string }
  return { ...wanted, ping }
}

/** Each job runs each hour, some of them longer from day to day; two miss some of theirs. */
async function passHour(stack: LocalStack, made: readonly Made[], hour: number): Promise<void> {
  const running = made.filter(({ name }) => isRun(name, hour))
  await Promise.all(running.map(({ ping }) => fetch(`${ping}/start`)))
  const seconds = 40 + ((hour * 37) % 50)
  await stack.advance(seconds)
  await Promise.all(
    running.map(({ ping, name }) =>
      fetch(name === 'vacuum' && hour % 50 === 7 ? `${ping}/fail` : ping, {
        method: 'POST',
        body: `${name}: done in ${seconds} s`,
      }),
    ),
  )
  await stack.advance(HOUR_SECONDS - seconds)
}

function isRun(name: string, hour: number): boolean {
  if (name === 'restore test') return hour < DAYS * 24 - 30
  if (name === 'mail queue') return hour % 60 > 3 && hour < DAYS * 24 - 1
  return true
}

async function takePictures(stack: LocalStack): Promise<void> {
  mkdirSync(folder, { recursive: true })
  const browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu'],
  })
  try {
    const page = await browser.newPage({
      viewport: { width: 1280, height: 800 },
      colorScheme: 'light',
    })
    await page.goto(`${stack.base}/_local/sign-in`)
    await take(page, 'checks')
    await page.getByRole('link', { name: 'db01 backup' }).click()
    await page.waitForLoadState()
    await take(page, 'check')
  } finally {
    await browser.close()
  }
}

async function take(page: Page, name: string): Promise<void> {
  await page.screenshot({ path: join(folder, `${name}.png`) })
  console.log(`docs/images/${name}.png`)
}
