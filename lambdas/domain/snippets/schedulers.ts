import { CURL, curlNote, indentedBy, wrapped, wrappedLines } from './curl.ts'
import { asCron, asTimer, type Equivalent } from './equivalents.ts'
import { comment, JOB, unquoted, type Snippet, type SnippetFacts } from './snippet.ts'

export function crontab(facts: SnippetFacts): Snippet {
  const cron = asCron(facts.schedule)
  const lineOf = (command: string) => `${comment(facts.name)}\n${cron.text} ${command}`
  return {
    text: lineOf(wrapped(JOB, facts)),
    short: lineOf(`${JOB} && ${CURL} ${unquoted(facts.pingUrl)}`),
    note: notes(clockNote(facts, cron, 'cron goes by the clock of its machine'), curlNote),
  }
}

export function ansible(facts: SnippetFacts): Snippet {
  const cron = asCron(facts.schedule)
  const [minute = '*', hour = '*', day = '*', month = '*', weekday = '*'] = cron.text.split(' ')
  const quoted = wrapped(JOB, facts).replaceAll("'", "''")
  return {
    text: `${comment(facts.name)}
- name: Install the job and its pings
  ansible.builtin.cron:
    name: watched by Overdue
    minute: "${minute}"
    hour: "${hour}"
    day: "${day}"
    month: "${month}"
    weekday: "${weekday}"
    job: '${quoted}'
`,
    note: notes(clockNote(facts, cron, 'cron goes by the clock of its machine'), curlNote),
  }
}

export function systemd(facts: SnippetFacts): Snippet {
  const url = unquoted(facts.pingUrl)
  const timer = asTimer(facts.schedule, facts.timeZone)
  return {
    text: `${comment(facts.name)}
# /etc/systemd/system/job.service
[Unit]
Description=A job that Overdue watches

[Service]
Type=oneshot
ExecStartPre=-${CURL_PATH} ${url}/start
ExecStart=${JOB}
ExecStopPost=-/bin/sh -c 's=$$EXIT_STATUS; [ "$$EXIT_CODE" = exited ] || s=fail; exec ${CURL_PATH} ${url}/$$s'

# /etc/systemd/system/job.timer
[Timer]
${timer.text}
Persistent=true

[Install]
WantedBy=timers.target
`,
    note: notes(
      timer.isExact ? '' : 'This timer is an example: put the times of the job into it.',
      'These are two files. Then: systemctl enable --now job.timer. Runs of a unit never overlap. A ping that can not get through does not fail the unit, and a job that is killed is told as failed.',
    ),
  }
}

const CURL_PATH = CURL.replace('curl', '/usr/bin/curl')

export function kubernetes(facts: SnippetFacts): Snippet {
  const cron = asCron(facts.schedule)
  return {
    text: `${comment(facts.name)}
apiVersion: v1
kind: Secret
metadata:
  name: job-ping
stringData:
  url: "${unquoted(facts.pingUrl)}"
---
apiVersion: batch/v1
kind: CronJob
metadata:
  name: job
spec:
  schedule: "${cron.text}"
  timeZone: "${facts.timeZone}"
  concurrencyPolicy: ${facts.runsOverlap === true ? 'Allow' : 'Forbid'}
  jobTemplate:
    spec:
      backoffLimit: 0
      template:
        spec:
          restartPolicy: Never
          containers:
            - name: job
              image: your/image # with sh and curl
              env:
                - name: PING_URL
                  valueFrom:
                    secretKeyRef:
                      name: job-ping
                      key: url
              command: ["/bin/sh", "-c"]
              args:
                - |
${indentedBy(wrappedLines(JOB, facts), 18)}
`,
    note: notes(
      cron.isExact ? '' : exampleNote,
      'A pod that is evicted or runs out of memory sends nothing any more: the grace time tells of it.',
      curlNote,
    ),
  }
}

export function github(facts: SnippetFacts): Snippet {
  const cron = asCron(facts.schedule)
  const id = facts.runsOverlap === true ? '?rid=$RUN' : ''
  return {
    text: `${comment(facts.name)}
# gh secret set PING_URL --body ${unquoted(facts.pingUrl)}
on:
  schedule:
    - cron: "${cron.text}" # in UTC
jobs:
  job:
    runs-on: ubuntu-latest
    timeout-minutes: 60
    env:
      PING_URL: \${{ secrets.PING_URL }}
    steps:
      - name: Tell that the run starts
        run: |
${indentedBy([...(id === '' ? [] : [SHARED_RUN_ID]), `${CURL} "$PING_URL/start${id}" || true`], 10)}
      - run: ${JOB}
      - name: Tell how it ended
        if: always()
        env:
          SIGNAL: \${{ job.status == 'success' && '0' || 'fail' }}
        run: ${CURL} "$PING_URL/$SIGNAL${id}"
`,
    note: notes(
      cron.isExact ? '' : exampleNote,
      'GitHub goes by UTC, and starts scheduled runs late when it is busy: give the check half an hour of grace. A run that is cancelled is told as failed.',
      curlNote,
    ),
  }
}

const SHARED_RUN_ID = 'RUN=$(cat /proc/sys/kernel/random/uuid); echo "RUN=$RUN" >> "$GITHUB_ENV"'

export function compose(facts: SnippetFacts): Snippet {
  const lines = wrappedLines(JOB, facts).map((line) => line.replaceAll('$', '$$$$'))
  return {
    text: `${comment(facts.name)}
# compose.yaml; each run: docker compose run --rm job
services:
  job:
    image: your/image # with sh and curl
    environment:
      PING_URL: "${unquoted(facts.pingUrl)}"
    command:
      - sh
      - -c
      - |
${indentedBy(lines, 8)}
`,
    short: `${comment(facts.name)}\ndocker run --rm your/image ${JOB} && ${CURL} ${unquoted(facts.pingUrl)}`,
    note: notes(
      'Docker has no schedule of its own: cron or a timer starts the container.',
      curlNote,
    ),
  }
}

const exampleNote = 'The times are an example: put those of the job there.'

/** What differs between a scheduler's times and those of the check. */
function clockNote({ schedule, timeZone }: SnippetFacts, cron: Equivalent, whose: string): string {
  if (!cron.isExact) return exampleNote
  return schedule.kind === 'simple' ? '' : `The check goes by ${timeZone}; ${whose}.`
}

function notes(...all: readonly string[]): string {
  return all.filter((note) => note !== '').join(' ')
}
