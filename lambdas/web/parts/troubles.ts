import type { Project } from '../../domain/people/project.ts'
import { shortDuration } from '../../domain/wire/words.ts'
import { type Html, html } from '../html.ts'
import { projectPath } from '../route.ts'
import type { Troubles } from '../troubles.ts'
import { banner } from './notice.ts'
import { absoluteTime, type Reader } from './time.ts'

/** What keeps alerts from coming as they should, in words, a banner each. */
export function troubleBanners(
  project: Project,
  { held, lost, suppressed, failed }: Troubles,
  reader: Reader,
): Html {
  const channels = html`<a href="${projectPath(project, 'channels')}">Channels</a>`
  return html`<div data-part="troubles">
    ${
      held !== undefined &&
      banner(
        'warning',
        html`Pings can’t be taken since ${absoluteTime(held.sinceAt, reader)}, which is not the
        fault of your jobs. Deadlines are put off meanwhile, by ${shortDuration(held.longestHoldMs)}
        at most.`,
      )
    }
    ${
      lost > 0 &&
      banner(
        'warning',
        `${counted(lost, 'check has', 'checks have')} lost what pings had left. Nobody is told when such a check misses its ping, until the next one has come.`,
      )
    }
    ${
      suppressed > 0 &&
      banner(
        'warning',
        html`${counted(suppressed, 'address gets', 'addresses get')} no mail any more: mail came
        back, or the owner complained. See ${channels}.`,
      )
    }
    ${
      failed > 0 &&
      banner(
        'warning',
        html`The last alert to ${counted(failed, 'channel', 'channels')} was given up. See
        ${channels}.`,
      )
    }
  </div>`
}

function counted(count: number, one: string, many: string): string {
  return `${count.toLocaleString('en')} ${count === 1 ? one : many}`
}
