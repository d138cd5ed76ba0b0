const LONGEST_NAME = 100

/** Whether a project, or a key, may be called so: one line that is not empty. */
export function isPlainName(name: string): boolean {
  return name.trim() !== '' && name.length <= LONGEST_NAME && !/\p{Cc}/u.test(name)
}
