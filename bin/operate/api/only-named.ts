/**
 * The one thing of a list that has an id or a name.
 * @param kind what it is, as commands call it
 * @throws where there is none, or several have the name
 */
export function onlyNamed<Thing extends { readonly id: string; readonly name: string }>(
  things: readonly Thing[],
  wanted: string,
  kind: 'channel' | 'window',
): Thing {
  const found = things.filter(({ id, name }) => id === wanted || name === wanted)
  const [thing, ...others] = found
  if (thing === undefined)
    throw new Error(`there is no ${kind} ${wanted}; overdue ${kind} list shows all`)
  if (others.length > 0)
    throw new Error(
      `several ${kind}s are called ${wanted}; name one by its id: ${found.map(({ id }) => id).join(', ')}`,
    )
  return thing
}
