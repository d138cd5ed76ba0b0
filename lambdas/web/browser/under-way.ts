const PATIENCE_MS = 300

type Waiting = { readonly button: HTMLButtonElement; readonly words: string }

/** Says at a button that its form is under way, and keeps it from being sent twice. */
export function sayWhatIsUnderWay(): void {
  let waiting: Waiting | undefined
  document.addEventListener('submit', ({ submitter, defaultPrevented }) => {
    if (!(submitter instanceof HTMLButtonElement) || defaultPrevented) return
    setTimeout(() => {
      waiting ??= { button: submitter, words: submitter.textContent }
      submitter.textContent = submitter.dataset['busy'] ?? 'Working …'
      submitter.disabled = true
    }, PATIENCE_MS)
  })
  // A page that the back button brings is as it was left.
  addEventListener('pageshow', () => {
    if (waiting === undefined) return
    waiting.button.disabled = false
    waiting.button.textContent = waiting.words
    waiting = undefined
  })
}
