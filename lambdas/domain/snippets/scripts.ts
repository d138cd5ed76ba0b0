import { CURL, curlNote } from './curl.ts'
import { comment, JOB, unquoted, type Snippet, type SnippetFacts } from './snippet.ts'

export function bash(facts: SnippetFacts): Snippet {
  const id = facts.runsOverlap === true ? '?rid=$run' : ''
  const run = id === '' ? '' : '\nrun=$(cat /proc/sys/kernel/random/uuid)'
  return {
    text: `#!/usr/bin/env bash
${comment(facts.name)}
set -euo pipefail

url=${unquoted(facts.pingUrl)}${run}
tell() { ${CURL} "$url/$1${id}" || true; }
trap 'tell "$?"' EXIT
trap 'exit 143' TERM
tell start

${JOB}
`,
    short: `${JOB} && ${CURL} ${unquoted(facts.pingUrl)}`,
    note: `The trap tells the exit status however the script ends, except by kill -9: the grace time tells of that. ${curlNote}`,
  }
}

export function python(facts: SnippetFacts): Snippet {
  const { modules, setup, query } =
    facts.runsOverlap === true
      ? { modules: '\nimport uuid', setup: '\nRUN = uuid.uuid4()', query: '?rid={RUN}' }
      : { modules: '', setup: '', query: '' }
  return {
    // The first two lines of a script may name its encoding, so the name of a check is below them.
    text: `import time
import urllib.request${modules}

${comment(facts.name)}
URL = "${unquoted(facts.pingUrl)}"${setup}


def ping(signal):
    for pause in (1, 4, 0):
        try:
            urllib.request.urlopen(f"{URL}/{signal}${query}", timeout=10).close()
            return
        except OSError as error:
            print("ping failed:", error)
            time.sleep(pause)


def job():
    pass  # what the job does


ping("start")
try:
    job()
except BaseException:
    ping("fail")
    raise
ping(0)
`,
    note: 'Only the standard library. A ping gets three tries of 10 seconds, and one that can not get through does not stop the job.',
  }
}

export function node(facts: SnippetFacts): Snippet {
  const isSeparate = facts.runsOverlap === true
  return {
    text: `${comment(facts.name, '//')}
const url = '${unquoted(facts.pingUrl)}'
${isSeparate ? 'const run = crypto.randomUUID()\n' : ''}
async function ping(signal) {
  for (const pause of [1000, 4000, 0]) {
    try {
      const target = \`\${url}/\${signal}${isSeparate ? '?rid=${run}' : ''}\`
      const answer = await fetch(target, { signal: AbortSignal.timeout(10_000) })
      if (answer.status < 500) return
    } catch (error) {
      console.error('ping failed:', error.message)
    }
    await new Promise((done) => setTimeout(done, pause))
  }
}

async function job() {
  // what the job does
}

await ping('start')
try {
  await job()
} catch (error) {
  await ping('fail')
  throw error
}
await ping(0)
`,
    note: 'Node 20 or later, as a module (.mjs). A ping gets three tries of 10 seconds, and one that can not get through does not stop the job.',
  }
}

export function powershell(facts: SnippetFacts): Snippet {
  const isSeparate = facts.runsOverlap === true
  return {
    text: `${comment(facts.name)}
[Net.ServicePointManager]::SecurityProtocol = 'Tls12'
$url = '${unquoted(facts.pingUrl)}'
${isSeparate ? '$run = [guid]::NewGuid()\n' : ''}
function Send-Ping($signal) {
  foreach ($pause in 1, 4, 0) {
    try {
      Invoke-RestMethod -Uri "\${url}/\${signal}${isSeparate ? '?rid=${run}' : ''}" -TimeoutSec 10 | Out-Null
      return
    } catch {
      Write-Warning "ping failed: $_"
      Start-Sleep -Seconds $pause
    }
  }
}

Send-Ping 'start'
$LASTEXITCODE = 1
& 'C:\\path\\to\\job.exe'
$status = $LASTEXITCODE
if ($status -ge 0 -and $status -le 255) { Send-Ping $status } else { Send-Ping 'fail' }
exit $status
`,
    note: 'For PowerShell 5.1 and 7. A ping gets three tries of 10 seconds, and one that can not get through does not stop the job.',
  }
}
