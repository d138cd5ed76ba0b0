/** Says in one line why the local stack cannot start, so that a person can act on it. */
export class StartError extends Error {}
