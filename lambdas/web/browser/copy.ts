import { say } from './say.ts'

const TOLD_FOR_MS = 5000

/** Puts a text of the page on the clipboard. */
export function copyOnClick(): void {
  for (const button of document.querySelectorAll<HTMLElement>('[data-copy]')) button.hidden = false
  document.addEventListener('click', ({ target }) => {
    const button = target instanceof Element ? target.closest<HTMLElement>('[data-copy]') : null
    if (button !== null) void copy(button.dataset['copy'] ?? '')
  })
}

async function copy(id: string): Promise<void> {
  const source = document.getElementById(id)
  if (source === null) return
  try {
    await navigator.clipboard.writeText(source.textContent.trim())
    say('Copied', TOLD_FOR_MS)
  } catch {
    // Without https there is no clipboard: the text is selected, to be copied by hand.
    getSelection()?.selectAllChildren(source)
    say('Selected: copy it with your browser', TOLD_FOR_MS)
  }
}
