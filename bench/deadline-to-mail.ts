/**
 * How long after its deadline the mail about a missed ping is handed to SES, in real time, on a running local stack.
 * Usage: npm start, and beside it: npx node bench/deadline-to-mail.ts [checks] [url]
 */
const [count = '20', base = 'http://127.0.0.1:8787'] = process.argv.slice(2)
const PERIOD_SECONDS = 60
const GRACE_SECONDS = 60
const SPREAD_MS = 1500
const LATEST_MS = (PERIOD_SECONDS + GRACE_SECONDS + 15) * 1000

type Project = { readonly apiKey: string; readonly email: string }
type Mail = { readonly to: readonly string[]; readonly subject: string; readonly sentAt: string }
type Pinged = { readonly name: string; readonly deadline: number }

const project = (await call('POST', '/_local/projects', { body: { name: 'bench' } })) as Project
const pinged: Pinged[] = []
for (let index = 0; index < Number(count); index += 1) {
  pinged.push(await pingedCheck(`bench ${index}`))
  await pause(SPREAD_MS / Number(count))
}
console.log(`${pinged.length} checks pinged; waiting ${LATEST_MS / 1000} s for their deadlines to pass`)
await pause(LATEST_MS)
const mails = ((await call('GET', '/_local/mail')) as readonly Mail[]).filter(({ to }) => to.includes(project.email))
const latencies = pinged.map(({ name, deadline }) => latencyOf(mails, name, deadline)).sort((one, other) => one - other)
const at = (share: number): string => `${((latencies[Math.ceil(share * latencies.length) - 1] ?? NaN) / 1000).toFixed(2)} s`
console.log(`deadline to mail: p50 ${at(0.5)}, p99 ${at(0.99)}, slowest ${at(1)}; ${mails.length} mails for ${pinged.length} checks`)
process.exitCode = mails.length === pinged.length && (latencies.at(-1) ?? Infinity) <= 5000 ? 0 : 1

async function pingedCheck(name: string): Promise<Pinged> {
  const body = { name, timeout: PERIOD_SECONDS, grace: GRACE_SECONDS, channels: '*' }
  const check = (await call('POST', '/api/v3/checks/', { body })) as { readonly uuid: string; readonly ping_url: string }
  await fetch(check.ping_url)
  await call('POST', '/_local/settle')
  const { pings } = (await call('GET', `/api/v3/checks/${check.uuid}/pings/`)) as { readonly pings: readonly { readonly date: string }[] }
  return { name, deadline: Date.parse(pings[0]?.date ?? '') + (PERIOD_SECONDS + GRACE_SECONDS) * 1000 }
}

/** Infinite when no mail was sent. */
function latencyOf(sent: readonly Mail[], name: string, deadline: number): number {
  const mail = sent.find(({ subject }) => subject === `DOWN | ${name}`)
  return mail === undefined ? Infinity : Date.parse(mail.sentAt) - deadline
}

async function call(method: string, path: string, { body }: { readonly body?: object } = {}): Promise<unknown> {
  const headers = path.startsWith('/api') ? { 'X-Api-Key': project.apiKey } : {}
  const response = await fetch(base + path, { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) })
  if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${await response.text()}`)
  return response.json()
}

async function pause(ms: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, ms))
}
