/** All items of all pages, in order. */
export async function allOf<Item>(pages: AsyncIterable<readonly Item[]>): Promise<readonly Item[]> {
  const items: Item[] = []
  for await (const page of pages) items.push(...page)
  return items
}
