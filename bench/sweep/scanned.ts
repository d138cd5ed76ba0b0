import { Agent, request } from 'node:http'
import { usedBy } from '../used.ts'

/*
 * The floor of a sweep, in a process of its own: asks for the pages that the last sweep asked for,
 * side by side as it does, parses them, and knows nothing else. Each message makes one such scan,
 * and is answered with what it used.
 */
const [stubUrl = ''] = process.argv.slice(2)
const agent = new Agent({ keepAlive: true })
const headers = {
  'content-type': 'application/x-amz-json-1.0',
  'x-amz-target': 'DynamoDB_20120810.Scan',
}

process.on('message', () => void run())
process.on('disconnect', () => process.exit())
process.send?.('ready')

async function run(): Promise<void> {
  const scans = (await ask('GET', '/scans')) as readonly (readonly string[])[]
  process.send?.(await usedBy(() => Promise.all(scans.map(scan))))
}

async function scan(pages: readonly string[]): Promise<void> {
  for (const page of pages) await ask('POST', '/again', page)
}

function ask(method: string, path: string, body = ''): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const sent = request(stubUrl, { method, path, agent, headers }, (incoming) => {
      const chunks: Buffer[] = []
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
      incoming.on('end', () => resolve(JSON.parse(Buffer.concat(chunks).toString())))
    })
    sent.on('error', reject)
    sent.end(body)
  })
}
