import type { Schedule } from '../schedule/schedule.ts'
import { comment, type Snippet, type SnippetFacts } from './snippet.ts'

export function taskScheduler(facts: SnippetFacts): Snippet {
  const { trigger, isExact } = triggerOf(facts.schedule)
  return {
    text: `${comment(facts.name)}
# job.ps1 is the PowerShell snippet
$action = New-ScheduledTaskAction -Execute 'powershell.exe' -Argument '-NoProfile -ExecutionPolicy Bypass -File C:\\jobs\\job.ps1'
$trigger = ${trigger}
$settings = New-ScheduledTaskSettingsSet -StartWhenAvailable -ExecutionTimeLimit (New-TimeSpan -Hours 72)
Register-ScheduledTask -TaskName 'Job watched by Overdue' -Action $action -Trigger $trigger -Settings $settings
`,
    note: `${isExact ? '' : 'The times are an example: put those of the job there. '}Task Scheduler goes by the clock of its machine; the check by ${facts.timeZone}. A task that is stopped by its time limit sends nothing any more: the grace time tells of it.`,
  }
}

const daily = (time: string) => `New-ScheduledTaskTrigger -Daily -At ${time}`

function triggerOf(schedule: Schedule): { readonly trigger: string; readonly isExact: boolean } {
  if (schedule.kind === 'simple' && schedule.periodSeconds < 86_400) {
    const minutes = Math.max(1, Math.round(schedule.periodSeconds / 60))
    const trigger = `New-ScheduledTaskTrigger -Once -At (Get-Date) -RepetitionInterval (New-TimeSpan -Minutes ${minutes})`
    return { trigger, isExact: schedule.periodSeconds === minutes * 60 }
  }
  const [, minute, hour] =
    schedule.kind === 'cron'
      ? (/^\s*(\d{1,2})\s+(\d{1,2})\s+\*\s+\*\s+\*\s*$/.exec(schedule.expression) ?? [])
      : []
  if (minute === undefined || hour === undefined)
    return { trigger: daily('03:00'), isExact: isDaily(schedule) }
  return { trigger: daily(`${hour.padStart(2, '0')}:${minute.padStart(2, '0')}`), isExact: true }
}

function isDaily(schedule: Schedule): boolean {
  return schedule.kind === 'simple' && schedule.periodSeconds === 86_400
}
