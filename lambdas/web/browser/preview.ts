import { askFor } from './fragment.ts'

const PAUSE_MS = 250

/** Shows what the fields of a form mean, as one types. */
export function previewAsOneTypes(): void {
  for (const part of document.querySelectorAll<HTMLElement>('[data-preview]')) follow(part)
}

function follow(part: HTMLElement): void {
  let timer: ReturnType<typeof setTimeout> | undefined
  let asking: AbortController | undefined
  const later = () => {
    clearTimeout(timer)
    timer = setTimeout(() => {
      asking?.abort()
      asking = new AbortController()
      void show(part, asking.signal)
    }, PAUSE_MS)
  }
  part.addEventListener('input', later)
  part.addEventListener('change', later)
}

/** What can't be had leaves what was shown. */
async function show(part: HTMLElement, signal: AbortSignal): Promise<void> {
  const place = part.querySelector('[data-preview-result]')
  const url = new URL(part.dataset['preview'] ?? '', location.href)
  for (const [name, value] of fieldsOf(part)) url.searchParams.append(name, value)
  try {
    const answer = await askFor(url.href, { signal })
    if ('content' in answer) place?.replaceChildren(answer.content)
  } catch {
    return
  }
}

function fieldsOf(part: HTMLElement): readonly (readonly [string, string])[] {
  const fields = part.querySelectorAll<HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement>(
    'input[name], select[name], textarea[name]',
  )
  return [...fields]
    .filter((field) => !(field instanceof HTMLInputElement) || isSent(field))
    .map(({ name, value }) => [name, value] as const)
}

function isSent({ type, checked }: HTMLInputElement): boolean {
  return type === 'checkbox' || type === 'radio' ? checked : type !== 'password'
}
