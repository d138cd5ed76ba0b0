import { showShortcuts } from './shortcut-list.ts'

const SECOND_KEY_MS = 1500

/** Follows single keys, unless the person has turned them off. */
export function followKeys(): void {
  if (document.body.dataset['shortcuts'] !== 'on') return
  let first: { readonly key: string; readonly at: number } | undefined
  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || isTyping(event)) return
    const begun =
      first !== undefined && event.timeStamp - first.at < SECOND_KEY_MS ? first.key : undefined
    first = { key: event.key, at: event.timeStamp }
    if (isDone(begun, event.key)) {
      first = undefined
      event.preventDefault()
    }
  })
}

function isTyping({ target }: KeyboardEvent): boolean {
  if (document.querySelector('dialog[open]') !== null) return true
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName)) &&
    !/^(checkbox|radio|button|submit)$/.test(target.getAttribute('type') ?? '')
  )
}

function isDone(begun: string | undefined, key: string): boolean {
  if (begun !== undefined && press(`${begun} ${key}`)) return true
  switch (key) {
    case '/':
      return focusOn(document.querySelector('[data-search]'))
    case 'j':
      return step(1)
    case 'k':
      return step(-1)
    case '?':
      showShortcuts()
      return true
    default:
      return press(key)
  }
}

function press(shortcut: string): boolean {
  const target = document.querySelector<HTMLElement>(
    `[data-shortcut="${CSS.escape(shortcut)}"]:not([hidden])`,
  )
  target?.click()
  return target !== null
}

/** From row to row, by the first link of each. */
function step(by: 1 | -1): boolean {
  const rows = [...document.querySelectorAll<HTMLElement>('[data-row]:not([hidden])')]
  const at = rows.findIndex((row) => row.contains(document.activeElement))
  const next = at === -1 ? (by === 1 ? 0 : rows.length - 1) : at + by
  return focusOn(rows[next]?.querySelector('a') ?? null)
}

function focusOn(target: HTMLElement | null): boolean {
  target?.focus()
  return target !== null
}
