const status = document.createElement('p')
status.className = 'said'
status.setAttribute('role', 'status')
document.body.append(status)

/** Says something aloud that can be seen, too, for as long as it is true or a moment. */
export function say(words: string, forMs?: number): void {
  status.textContent = words
  if (forMs !== undefined)
    setTimeout(() => {
      if (status.textContent === words) status.textContent = ''
    }, forMs)
}

/** Takes back what was said, if nothing else has been said since. */
export function unsay(words: string): void {
  if (status.textContent === words) status.textContent = ''
}
