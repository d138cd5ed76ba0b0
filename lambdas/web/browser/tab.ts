const title = document.title
const icon = document.querySelector<HTMLLinkElement>('link[rel="icon"]')
const calm = icon?.href

/** Tells in the browser's tab how many checks are down. */
export function tellNumberDown(): void {
  const shown = document.querySelector<HTMLElement>('[data-down]')?.dataset['down']
  if (shown === undefined) return
  const down = Number(shown)
  document.title = down > 0 ? `(${down} down) ${title}` : title
  const alarm = icon?.dataset['downIcon']
  if (icon === null || calm === undefined || alarm === undefined) return
  const href = down > 0 ? alarm : calm
  if (icon.href !== href) icon.href = href
}
