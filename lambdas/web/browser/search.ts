/** Narrows the rows that are shown to those with the text; Enter asks the server for all. */
export function searchRows(): void {
  const field = document.querySelector<HTMLInputElement>('[data-search]')
  field?.addEventListener('input', () => {
    const words = field.value.toLowerCase().split(/\s+/)
    for (const row of document.querySelectorAll<HTMLElement>('[data-row]')) {
      const text = row.textContent.toLowerCase()
      row.hidden = !words.every((word) => text.includes(word))
    }
  })
}
