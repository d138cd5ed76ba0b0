/** What people and the script change themselves: whether a detail is open, or a row is hidden. */
const kept = new Set(['open', 'hidden'])

/**
 * Makes an element equal to a fresh one and leaves alone what is equal already: the focus, a
 * selection, what was ticked.
 */
export function morph(old: Element, fresh: Element): void {
  if (old.isEqualNode(fresh)) return
  takeAttributes(old, fresh)
  const [before, after] = [[...old.childNodes], [...fresh.childNodes]]
  if (before.length !== after.length || before.some((node, index) => !isAlike(node, after[index])))
    exchange(old, after)
  else for (const [index, node] of before.entries()) follow(node, after[index])
}

function takeAttributes(old: Element, fresh: Element): void {
  for (const { name } of [...old.attributes])
    if (!fresh.hasAttribute(name) && !kept.has(name)) old.removeAttribute(name)
  for (const { name, value } of fresh.attributes)
    if (old.getAttribute(name) !== value && !kept.has(name)) old.setAttribute(name, value)
}

function isAlike(node: Node, other: Node | undefined): boolean {
  return node.nodeName === other?.nodeName
}

function follow(node: Node, fresh: Node | undefined): void {
  if (node instanceof Element && fresh instanceof Element) morph(node, fresh)
  else if (fresh !== undefined && node.nodeValue !== fresh.nodeValue)
    node.nodeValue = fresh.nodeValue
}

/** The focus goes to what has the same name in the new content. */
function exchange(old: Element, content: readonly Node[]): void {
  const focused = old.contains(document.activeElement) ? nameOf(document.activeElement) : undefined
  old.replaceChildren(...content)
  if (focused === undefined) return
  for (const each of old.querySelectorAll<HTMLElement>('a, button, input, select, textarea'))
    if (nameOf(each) === focused) {
      each.focus({ preventScroll: true })
      return
    }
}

function nameOf(element: Element | null): string | undefined {
  const name = element?.id !== '' ? element?.id : element.getAttribute('href')
  return name ?? element?.getAttribute('name') ?? undefined
}
