const LONGEST = 1000
const HOME = '/app/'

/**
 * Where to go on after a sign-in, of what stood in an address: a page of the dashboard, or its
 * first one. Browsers read a backslash as a slash and skip control characters, so what is no plain
 * path is not taken.
 */
export function returnPath(wanted: string): string {
  if (wanted.length > LONGEST || !/^\/app\/[\x21-\x5b\x5d-\x7e]*$/.test(wanted)) return HOME
  const { origin, pathname, search } = new URL(wanted, 'https://own.invalid')
  const isOwn = origin === 'https://own.invalid' && pathname.startsWith(HOME)
  return isOwn && !/^\/app\/(sign-in|sign-out|confirm)\b/.test(pathname) ? pathname + search : HOME
}
