/** A part that is as it was but for some methods. */
export function but<T extends object>(
  part: T,
  methods: { readonly [Name in keyof T]?: unknown },
): T {
  return new Proxy(part, {
    get(target, name) {
      const own = (methods as Readonly<Record<string | symbol, unknown>>)[name]
      const value: unknown = own ?? Reflect.get(target, name)
      return typeof value === 'function' ? (value.bind(target) as unknown) : value
    },
  })
}
