/**
 * Whether another site may have sent this request. A browser says where one comes from; a client
 * that says nothing is no browser with a session. The same rule as in Go's CrossOriginProtection,
 * stricter where nothing is said.
 */
export function isCrossSite(headers: Headers, root: string): boolean {
  const site = headers.get('Sec-Fetch-Site')
  return site === null ? headers.get('Origin') !== root : site !== 'same-origin'
}
