/** Lists the keys that do something on this page. */
export function showShortcuts(): void {
  const dialog = document.createElement('dialog')
  dialog.className = 'shortcuts'
  dialog.setAttribute('aria-label', 'Keys')
  const list = made('dl')
  for (const [key, words] of shortcuts()) {
    const term = made('dt')
    term.append(...key.split(' ').map((each) => made('kbd', each)))
    list.append(term, made('dd', words))
  }
  const close = made('button', 'Close')
  close.addEventListener('click', () => dialog.close())
  dialog.append(made('h2', 'Keys'), list, close)
  dialog.addEventListener('close', () => dialog.remove())
  document.body.append(dialog)
  dialog.showModal()
}

function shortcuts(): readonly (readonly [key: string, words: string])[] {
  const given = [...document.querySelectorAll<HTMLElement>('[data-shortcut]:not([hidden])')].map(
    ({ dataset, textContent }) =>
      [dataset['shortcut'] ?? '', dataset['shortcutWords'] ?? textContent.trim()] as const,
  )
  const rows = [
    ['j', 'Next row'],
    ['k', 'Row before'],
    ['Enter', 'Open the row'],
  ] as const
  return [
    ...(document.querySelector('[data-search]') === null ? [] : [['/', 'Search'] as const]),
    ...(document.querySelector('[data-row] a') === null ? [] : rows),
    ...given,
    ['?', 'This list'],
  ]
}

function made(name: string, text = ''): HTMLElement {
  const element = document.createElement(name)
  element.textContent = text
  return element
}
