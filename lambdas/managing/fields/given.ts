type Given<Fields> = { -readonly [Name in keyof Fields]?: Exclude<Fields[Name], undefined> }

/** The fields that have a value. */
export function given<Fields extends object>(fields: Fields): Given<Fields> {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined),
  ) as Given<Fields>
}
