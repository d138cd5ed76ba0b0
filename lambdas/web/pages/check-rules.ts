import type { Problems } from '../check-problems.ts'
import { escalationPlaces } from '../check-entries.ts'
import type { Form } from '../form.ts'
import { type Html, html } from '../html.ts'
import { checkBox, lineField, linesField } from '../parts/field.ts'
import { fieldEntry, isUnfolded, type OfferedChannel } from './check-entry.ts'

const hints: Readonly<Record<string, string>> = {
  'rules.max_runtime': 'From its start ping on, instead of grace.',
  'rules.min_runtime': 'A success that comes sooner is a failure.',
  'rules.most_pings.count': 'More than so many in the time beside it are failures.',
  'rules.most_pings.seconds': 'At least a minute.',
  'rules.failures.count': 'Goes down at so many failures; at the first when left empty.',
  'rules.failures.of': 'In a row when left empty.',
  'rules.successes': 'So many in a row bring it up again.',
  'rules.repeat': 'While it is down. At least 5 min.',
}

/** What a check may ask for beyond schedule and grace. */
export function checkRules(
  form: Form,
  problems: Problems,
  channels: readonly OfferedChannel[],
): Html {
  const names = form.names().filter(isOfRules)
  const field = (name: string) =>
    lineField({ ...fieldEntry(form, problems, name), hint: hints[name] ?? '' })
  return html`<details
    ${isUnfolded(form, problems, [...names, ...Object.keys(problems).filter(isOfRules)]) && html`open`}
  >
    <summary>Rules: run times, tolerance, repeats, escalation, dependencies</summary>
    <div class="pair">${Object.keys(hints).map(field)}</div>
    ${linesField({
      ...fieldEntry(form, problems, 'rules.depends_on'),
      rows: 2,
      hint: 'Names or slugs of checks, one a line. While one of them is down, alerts wait.',
    })}
    ${Array.from({ length: escalationPlaces(form) }, (_, place) =>
      escalation(form, problems, { place, channels }),
    )}
  </details>`
}

/** When a ping may come early stands beside the schedule. */
function isOfRules(name: string): boolean {
  return name.startsWith('rules.') && name !== 'rules.early'
}

type Step = { readonly place: number; readonly channels: readonly OfferedChannel[] }

function escalation(form: Form, problems: Problems, { place, channels }: Step): Html {
  const [after, told] = [`rules.escalate.${place}.after`, `rules.escalate.${place}.channels`]
  const error = problems[told] ?? problems[`rules.escalate.${place}`]
  return html`<fieldset class="card" id="${told}">
    <legend>Step ${place + 1}: tell further channels</legend>
    ${lineField({
      ...fieldEntry(form, problems, after),
      label: 'When it is down for',
      hint: 'At least a minute.',
    })}
    ${error !== undefined && html`<p class="error">${error}</p>`}
    ${channels.map(({ id, label }) =>
      checkBox({ name: told, label, value: id, isChecked: form.all(told).includes(id) }),
    )}
  </fieldset>`
}
