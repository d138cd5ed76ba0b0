/** What a refusal of the API says, without the words that stand before each fault of a field. */
export function saidOf(answer: unknown): string | undefined {
  if (typeof answer !== 'object' || answer === null || !('error' in answer)) return undefined
  const { error } = answer
  return typeof error === 'string' ? error.replace(/^json validation error: /, '') : undefined
}
